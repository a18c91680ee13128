"""A scripted model answers a benchmark through each harness; scores must agree with ours item by item: `make parity`."""

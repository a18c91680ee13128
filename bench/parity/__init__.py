"""A scripted model answers through each harness; scores must agree with ours item by item: `make parity`."""

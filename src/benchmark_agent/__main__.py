"""`python -m benchmark_agent`."""

from benchmark_agent.cli import main

if __name__ == "__main__":
    main()

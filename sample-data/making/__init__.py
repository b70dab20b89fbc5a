"""Makes the sample data. Start from make.py one folder up."""

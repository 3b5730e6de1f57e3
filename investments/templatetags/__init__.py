"""What templates need to print figures."""

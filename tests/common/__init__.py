"""What the tests of one subject share."""

"""The employee's acts: give, review, approve, submit, erase, withdraw."""

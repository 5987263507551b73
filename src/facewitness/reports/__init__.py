"""What leaves the bank: JSON now; HTML and PDF dossiers later."""

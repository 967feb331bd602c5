"""What cheating scripts really do, vendor-free. Each says what the page did at once; the record decides."""

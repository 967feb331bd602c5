"""How a vendor's pages look and what may be asked of them."""

"""Files that change whole or not at all."""

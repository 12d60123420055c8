"""What one text tells: how it begins and ends, what it asks for, what it repeats, gives away or says in another language."""

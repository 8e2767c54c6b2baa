"""What pages say of each other: names, titles, links, suggestions."""

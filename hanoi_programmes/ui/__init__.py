"""What all pages share: htmx answers, page numbers, Vietnamese formatting; knows no domain."""

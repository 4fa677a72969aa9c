"""What goes in and out, one module per side: applicants and officials never share a serializer."""

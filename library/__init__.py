"""Material: the HTML people may write, source documents, themes and house styles."""

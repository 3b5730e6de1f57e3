"""From the rows of a file to lines of a table: what is guessed, what is chosen, and what the table will be.

Plain values throughout; amounts are cents once they have been read.
"""

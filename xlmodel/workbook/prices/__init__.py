"""``xlmodel prices``: what the price tables hold, and new prices into a workbook's tables.

``kinds`` says what a price and a price table are; ``held`` reads those of a workbook or of this
package. ``csvfile`` and ``genai`` read new prices from where they come; ``plan`` decides which of
them become rows; ``write`` puts the rows into the workbook; ``command`` and ``shown`` are what a
user calls and sees.
"""

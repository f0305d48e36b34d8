"""The measured grid of serving throughput, and how it is rebuilt: ``python -m tests.grid``.

``xlmodel/tables/throughput_grid.csv`` holds what NVIDIA's aiconfigurator-core composes from its
database of measured operators: the time of each matrix product, attention and collective of one
step of an engine, added up to the steps of many requests in flight. The package is needed to
rebuild the table, not to use it.
"""

"""The fault harness: real processes, broken on purpose while candidates sit an exam, and an independent check after.

`python -m tests.faults --seconds 600 --seed 7` (make test-faults) runs every fault again and again; test_short.py runs
a choice of them within `make test`. Nothing here is imported by the product.
"""

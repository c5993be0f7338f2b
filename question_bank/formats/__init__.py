"""Files that other tools write and read: each format's reader gives entries, its writer takes items.

Reading is lenient, writing strict, and what a format cannot carry is listed item by item.
"""

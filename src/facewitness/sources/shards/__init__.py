"""Dataset shards: tar files as img2dataset and WebDataset write them, and Parquet files with photos in rows.

source finds the shards, tar and records read those that are tar files, parquet and table those of Parquet.
"""

from facewitness.sources.shards.source import ShardsSource

__all__ = ["ShardsSource"]

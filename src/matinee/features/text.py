"""What overviews are about, as numbers: TF-IDF of words and pairs of words, then latent semantic analysis.

Deerwester et al., "Indexing by latent semantic analysis", 1990; scikit-learn's `TfidfVectorizer` and `TruncatedSVD`.
"""

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from matinee.arrays import Embeddings

_MOST_TERMS = 5000  # the most frequent words and pairs of words


def overview_vectors(overviews: pl.Series, width: int = 100) -> Embeddings:
    """Texts (n,) -> (n, d) float32, d at most `width`: less where there are few words, 0 where there are none.

    A text that is missing has a row of zeros. English words that mean little ("the", "of") are left out.
    """
    reader = TfidfVectorizer(max_features=_MOST_TERMS, stop_words="english", ngram_range=(1, 2))
    texts = overviews.fill_null("").to_list()
    analyse = reader.build_analyzer()
    if not any(analyse(text) for text in texts):
        return np.zeros((len(texts), 0), dtype=np.float32)
    return reduced(sparse.csr_matrix(reader.fit_transform(texts)), width)


def reduced(matrix: sparse.csr_matrix, width: int) -> Embeddings:
    """The rows along the `width` directions in which they are longest, or all that there are: (n, d) float32."""
    rows, columns = matrix.shape
    width = min(width, rows, columns)
    if not width or not matrix.nnz:
        return np.zeros((rows, 0), dtype=np.float32)
    return TruncatedSVD(width, random_state=0).fit_transform(matrix).astype(np.float32)

"""Topics of overviews as vectors: TF-IDF of words and pairs of words, then latent semantic analysis.

Deerwester et al., "Indexing by latent semantic analysis", 1990; scikit-learn's `TfidfVectorizer` and `TruncatedSVD`.
"""

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from matinee.arrays import Embeddings

_MAX_TERMS = 5000  # the most frequent words and pairs of words


def overview_vectors(overviews: pl.Series, width: int = 100) -> Embeddings:
    """Map texts (n,) to vectors (n, d) float32. `d` is `width`, or less for few words, and 0 without words.

    A missing text has a row of zeros. English stop words ("the", "of") are left out.
    """
    vectorizer = TfidfVectorizer(max_features=_MAX_TERMS, stop_words="english", ngram_range=(1, 2))
    texts = overviews.fill_null("").to_list()
    analyse = vectorizer.build_analyzer()
    if not any(analyse(text) for text in texts):
        return np.zeros((len(texts), 0), dtype=np.float32)
    return reduce_dimensions(sparse.csr_matrix(vectorizer.fit_transform(texts)), width)


def reduce_dimensions(matrix: sparse.csr_matrix, width: int) -> Embeddings:
    """Project rows to their first `width` singular directions, or to all there are: (n, d) float32."""
    rows, columns = matrix.shape
    width = min(width, rows, columns)
    if not width or not matrix.nnz:
        return np.zeros((rows, 0), dtype=np.float32)
    return TruncatedSVD(width, random_state=0).fit_transform(matrix).astype(np.float32)

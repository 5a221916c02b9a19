"""Models trained by gradient descent with PyTorch."""

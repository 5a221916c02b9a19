from .curves import draw_curves as draw_curves
from .loop import Training as Training, TrainingConfig as TrainingConfig, Validation as Validation
from .negatives import NegativeSampler as NegativeSampler

from .demo import Demo as Demo, DemoData as DemoData, build_demo as build_demo, load_demo_data as load_demo_data
from .models import (
    Recipe as Recipe,
    SelectedModels as SelectedModels,
    load_recipe as load_recipe,
    select_models as select_models,
)
from .train import TrainedRun as TrainedRun, TrainingOptions as TrainingOptions, train_run as train_run
from .update import UpdatedRun as UpdatedRun, update_run as update_run

"""How far drivers move the margin of the founding case, as the workbook layer tells it."""

from xlmodel.workbook.sensitivity import Swing

SWINGS = (
    Swing("in_gpu_hour_price", "GPU-hour", "USD/GPU-hour", 2.0, 5.0, 414.336, -161.664, 128.256),
    Swing("in_utilization", "Utilization", "share", 0.5, 1.0, -270.912, 128.256, 128.256),
    Swing("in_price", "All prices", "factor", 0.8, 1.2, -31.4112, 287.9232, 128.256),
    Swing("in_gpus", "GPUs", "GPUs", 0.0, 8.0, None, 128.256, 128.256),
)

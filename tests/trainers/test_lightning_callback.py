"""The callback of Lightning starts a module once, and never what has been trained or loaded."""

import pickle

import lightning
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import fanwise.torch

pytestmark = pytest.mark.filterwarnings("ignore")
SEED = 7


class Small(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 3)

    def training_step(self, batch, _):
        return nn.functional.cross_entropy(self.head(batch[0]), batch[1])

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.5)


class Begun(lightning.Callback):
    def on_train_start(self, trainer, pl_module):
        self.weight = pl_module.head.weight.detach().clone()


@pytest.fixture
def data():
    return DataLoader(TensorDataset(torch.randn(64, 8), torch.randint(3, (64,))), batch_size=8)


def trainer(folder, *callbacks, epochs=1):
    return lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=list(callbacks),
        default_root_dir=folder,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )


def drawn():
    where = {"seed": SEED, "path": "head/kernel", "axes": "torch"}
    return torch.from_numpy(fanwise.sample("torch_default", (3, 8), **where))


def start():
    return fanwise.torch.initialize_callback("torch_default", seed=SEED)


def test_a_second_fit_goes_on_with_what_was_trained(tmp_path, data):
    model, begun = Small(), Begun()
    fitting = trainer(tmp_path, start(), begun)
    fitting.fit(model, data)
    assert torch.equal(begun.weight, drawn())
    trained = model.head.weight.detach().clone()
    assert not torch.equal(trained, drawn())
    fitting.fit_loop.max_epochs = 2
    fitting.fit(model, data)
    assert torch.equal(begun.weight, trained)


def test_another_module_is_started_by_the_same_callback(tmp_path, data):
    callback, begun = start(), Begun()
    for _ in range(2):
        trainer(tmp_path, callback, begun).fit(Small(), data)
        assert torch.equal(begun.weight, drawn())


def test_what_a_checkpoint_brought_stays_in_later_fits(tmp_path, data):
    begun, file = Begun(), tmp_path / "one.ckpt"
    first = trainer(tmp_path)
    first.fit(Small(), data)
    first.save_checkpoint(file)
    model, callback = Small(), start()
    fitting = trainer(tmp_path, callback, begun, epochs=2)
    fitting.fit(model, data, ckpt_path=file)
    assert callback.summary is None
    trained = model.head.weight.detach().clone()
    fitting.fit_loop.max_epochs = 3
    fitting.fit(model, data)
    assert torch.equal(begun.weight, trained)


def test_a_checkpoint_that_was_loaded_before_says_nothing_of_another_module(tmp_path, data):
    """Where strategies restore late, the trainer still names the checkpoint of its last run."""

    class RestoresLate(lightning.pytorch.strategies.SingleDeviceStrategy):
        @property
        def restore_checkpoint_after_setup(self):
            return True

    file = tmp_path / "one.ckpt"
    first = trainer(tmp_path)
    first.fit(Small(), data)
    first.save_checkpoint(file)
    begun = Begun()
    fitting = lightning.Trainer(
        max_epochs=2,
        strategy=RestoresLate(torch.device("cpu")),
        callbacks=[start(), begun],
        default_root_dir=tmp_path,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    fitting.fit(Small(), data, ckpt_path=file)
    assert not torch.equal(begun.weight, drawn())
    fitting.fit_loop.max_epochs = 3
    fitting.fit(Small(), data)
    assert torch.equal(begun.weight, drawn())


def test_it_goes_with_a_trainer_to_processes_that_are_spawned():
    made = pickle.loads(pickle.dumps(start()))
    assert isinstance(made, lightning.Callback)
    assert (made.seed, made.summary) == (SEED, None)

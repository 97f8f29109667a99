"""transformers: a new head on a body that was loaded, and then its Trainer."""

import tempfile

import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    Trainer,
    TrainingArguments,
)

import fanwise.torch

config = BertConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=64,
    num_labels=3,
)
HEAD = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": {"scheme": "normal", "std": 0.02}},
        {"role": "bias", "init": "zeros"},
    ],
}

with tempfile.TemporaryDirectory() as folder:
    body = BertForMaskedLM(config)
    body.save_pretrained(f"{folder}/body")
    model, told = BertForSequenceClassification.from_pretrained(
        f"{folder}/body", num_labels=3, output_loading_info=True
    )
    report = fanwise.torch.initialize(model, HEAD, seed=7, missing=told)
    print("set:", [row.path for row in report.rows])
    loaded = model.bert.embeddings.word_embeddings.weight
    print("loaded weights stay:", torch.equal(loaded, body.bert.embeddings.word_embeddings.weight))

    tokens = torch.randint(99, (16, 8))
    data = [{"input_ids": row, "labels": int(row[0]) % 3} for row in tokens]
    how = TrainingArguments(
        f"{folder}/run",
        max_steps=3,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = Trainer(model=model, args=how, train_dataset=data)
    print("trained:", trainer.train().global_step, "steps")

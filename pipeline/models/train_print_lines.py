#!/usr/bin/env python3
"""Trains the network of printed lines on lines drawn by the example `draw_lines`.

    python3 train_print_lines.py DRAWER OUT.onnx [--steps N] [--threads N]

DRAWER is the built example. Writes OUT.onnx (weights, batch norms folded in),
which --from can go on from, every five hundred steps.
Needs torch, numpy and onnx from PyPI (tried with 2.15.0, 2.4, 1.22).
"""
import argparse
import time

import numpy as np
import torch
from torch import nn

from line_network import export, network, records, unfold

HEIGHT, WIDTH, FRAMES, MOST = 32, 512, 128, 40
# the blank of connectionist temporal classification is the last class
CLASSES, NO_MIDDLE = 87, 255
BLANK = CLASSES - 1
BATCH = 32
# batches that are sorted by width together
SORTED = 8
# output channels, kernel, stride, padding; one answer for four columns
LAYERS = [
    (24, (5, 5), (2, 2), (2, 2)),
    (32, (3, 3), (2, 1), (1, 1)),
    (64, (3, 3), (2, 2), (1, 1)),
    (96, (3, 3), (1, 1), (1, 1)),
    (128, (4, 3), (1, 1), (0, 1)),
    (160, (1, 5), (1, 1), (0, 2)),
    (160, (1, 5), (1, 1), (0, 2)),
]


def batches(drawer, seed):
    """Batches of lines of about one width, from a drawer that runs beside, a few ahead."""
    record = HEIGHT * WIDTH + 2 + MOST + FRAMES
    order = np.random.default_rng(seed)

    def sort(rows):
        rows = rows[np.argsort(rows[:, HEIGHT * WIDTH], kind="stable")]
        return [batch(rows[i * BATCH:(i + 1) * BATCH]) for i in order.permutation(SORTED)]

    return records([drawer, "print", str(seed)], record, BATCH * SORTED, 2 * SORTED, sort)


def batch(rows):
    """Strips, cut to the widest, numbers of frames and characters, texts, middles."""
    rest = torch.from_numpy(rows[:, HEIGHT * WIDTH:].astype(np.int64))
    frames, length = rest[:, 0], rest[:, 1]
    widest = int(frames.max())
    strip = rows[:, :HEIGHT * WIDTH].reshape(BATCH, 1, HEIGHT, WIDTH)[..., :4 * widest]
    return (torch.from_numpy(strip.view(np.int8).astype(np.float32) / 32),
            frames, length, rest[:, 2:2 + MOST], rest[:, 2 + MOST:][:, :widest])


def loss_of(logits, frames, length, text, middles, aligned):
    """The loss, with a share for characters in the frames of their middles."""
    logs = nn.functional.log_softmax(logits, 1).permute(2, 0, 1)
    # a strip has fewer frames than its text needs where letters are very narrow
    text_loss = nn.functional.ctc_loss(logs, text, frames, length, blank=BLANK,
                                       reduction="none", zero_infinity=True)
    text_loss = (text_loss / length).clamp(max=20).mean()
    middle_loss = nn.functional.cross_entropy(logits, middles, ignore_index=NO_MIDDLE)
    return text_loss + aligned * middle_loss


def rights(logits, frames, length, text):
    """Share of lines that are read without a fault, by the best class of each frame."""
    best = logits.argmax(1)
    right = 0
    for row, count, letters, wanted in zip(best, frames, length, text):
        row = torch.unique_consecutive(row[:count])
        read = row[row != BLANK]
        right += int(len(read) == letters and bool((read == wanted[:letters]).all()))
    return right / len(best)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drawer")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--stop", type=int, help="end after so many of the steps")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--aligned", type=float, default=0.3,
                        help="weight of the loss at the middles of characters")
    parser.add_argument("--from", dest="start", metavar="ONNX")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    net = network(LAYERS, CLASSES)
    drawn = batches(args.drawer, args.seed)
    if args.start:
        unfold(net, args.start, next(drawn)[0])
    print(sum(p.numel() for p in net.parameters()), "parameters", flush=True)
    adam = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        adam, args.rate, total_steps=args.steps + 1, pct_start=0.08, final_div_factor=300)
    sums, since = np.zeros(2), time.time()
    for step, (strip, frames, length, text, middles) in enumerate(drawn, 1):
        logits = net(strip).squeeze(2)
        loss = loss_of(logits, frames, length, text, middles, args.aligned)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        adam.step()
        rate.step()
        sums += [loss.item(), rights(logits, frames, length, text)]
        if step % 100 == 0:
            total, right = sums / 100
            print(f"{step} loss {total:.4f} lines read {right:.4f} "
                  f"{100 * BATCH / (time.time() - since):.0f} lines/s", flush=True)
            sums, since = np.zeros(2), time.time()
        if step % 500 == 0 or step == args.steps:
            net.eval()
            export(net, args.out, "print_lines", HEIGHT)
            net.train()
        if step == (args.stop or args.steps):
            break


if __name__ == "__main__":
    main()

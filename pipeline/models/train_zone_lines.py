#!/usr/bin/env python3
"""Trains the line network on lines drawn by the example `draw_lines`.

    python3 train_zone_lines.py DRAWER OUT.onnx [--steps N] [--threads N]

DRAWER is the built example. Writes OUT.onnx (weights, batch norms folded in),
which --from can go on from, every thousand steps.
Needs torch, numpy and onnx from PyPI (tried with 2.15.0, 2.4, 1.22).
"""
import argparse
import time

import numpy as np
import torch
from torch import nn

from line_network import export, network, records, unfold

HEIGHT, WIDTH, FRAMES = 32, 768, 192
CLASSES, GAP, IGNORED = 38, 37, 255
BATCH = 32
# columns of each strip that are learned from at a time
CROP = 512
# output channels, kernel, stride, padding; one answer for four columns
LAYERS = [
    (16, (5, 5), (2, 2), (2, 2)),
    (32, (3, 3), (2, 1), (1, 1)),
    (48, (3, 3), (2, 2), (1, 1)),
    (64, (3, 3), (1, 1), (1, 1)),
    (96, (4, 3), (1, 1), (0, 1)),
    (128, (1, 5), (1, 1), (0, 2)),
    (128, (1, 3), (1, 1), (0, 1)),
]


def batches(drawer, seed):
    """Batches from a drawer that runs beside, a few ahead."""
    record = HEIGHT * WIDTH + 3 * FRAMES
    return records([drawer, "zone", str(seed)], record, BATCH, 8, lambda rows: [batch(rows)])


def batch(rows):
    """Strips, classes, places."""
    strip = rows[:, :HEIGHT * WIDTH].view(np.int8).astype(np.float32) / 32
    rest = rows[:, HEIGHT * WIDTH:].reshape(BATCH, 3, FRAMES)
    place = rest[:, 1:].view(np.int8).astype(np.float32) / 128
    return (torch.from_numpy(strip).view(BATCH, 1, HEIGHT, WIDTH),
            torch.from_numpy(rest[:, 0].astype(np.int64)), torch.from_numpy(place))


def losses(out, classes, place):
    out = out.squeeze(2)
    weights = torch.ones(CLASSES)
    weights[GAP] = 0.5
    what = nn.functional.cross_entropy(
        out[:, :CLASSES], classes, weight=weights, ignore_index=IGNORED)
    inside = (classes < GAP).unsqueeze(1)
    where = ((out[:, CLASSES:] - place).abs() * inside).sum() / inside.sum().clamp(min=1)
    return what, where


def rights(out, classes):
    predicted = out.squeeze(2)[:, :CLASSES].argmax(1)
    inside = classes < GAP
    return (predicted == classes)[inside].float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drawer")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--stop", type=int, help="end after so many of the steps")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--from", dest="start", metavar="ONNX")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    # classes, then vertical offset and logarithm of the height
    net = network(LAYERS, CLASSES + 2)
    drawn = batches(args.drawer, args.seed)
    if args.start:
        unfold(net, args.start, torch.cat([next(drawn)[0] for _ in range(4)]))
    print(sum(p.numel() for p in net.parameters()), "parameters", flush=True)
    adam = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        adam, args.rate, total_steps=args.steps + 1, pct_start=0.08, final_div_factor=300)
    sums, since = np.zeros(3), time.time()
    for step, (strip, classes, place) in enumerate(drawn, 1):
        start = 4 * int(torch.randint((WIDTH - CROP) // 4 + 1, ()))
        crop = slice(start // 4, (start + CROP) // 4)
        classes, place = classes[:, crop], place[:, :, crop]
        out = net(strip[..., start:start + CROP])
        what, where = losses(out, classes, place)
        adam.zero_grad()
        (what + where).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        adam.step()
        rate.step()
        sums += [what.item(), where.item(), rights(out, classes)]
        if step % 100 == 0:
            loss, place, right = sums / 100
            print(f"{step} loss {loss:.4f} place {place:.4f} right {right:.4f} "
                  f"{100 * BATCH / (time.time() - since):.0f} lines/s", flush=True)
            sums, since = np.zeros(3), time.time()
        if step % 1000 == 0 or step == args.steps:
            net.eval()
            export(net, args.out, "zone_lines", HEIGHT)
            net.train()
        if step == (args.stop or args.steps):
            break


if __name__ == "__main__":
    main()

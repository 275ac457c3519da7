#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes skewed.csv: the dispatch of a mixture of experts on 256 cards, an expert each.

Every card sends 16 messages of 64 KiB, to 16 different cards. Which ones follows a Zipf law of exponent 0.6 on a fixed shuffle
of the cards, so the hottest card takes many times the mean.
"""
import random

CARDS, MESSAGES, BYTES, EXPONENT = 256, 16, 65536, 0.6

random.seed(1)
places = list(range(CARDS))
random.shuffle(places)
weights = [1 / (place + 1) ** EXPONENT for place in places]
print("start_ns,src,dst,bytes")
for src in range(CARDS):
    chosen = set()
    while len(chosen) < MESSAGES:
        dst = random.choices(range(CARDS), weights)[0]
        if dst != src and dst not in chosen:
            chosen.add(dst)
            print(f"0,{src},{dst},{BYTES}")

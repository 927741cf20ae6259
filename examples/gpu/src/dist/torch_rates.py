"""Rates of PyTorch on this GPU, for the same products and training steps that ./gpu-check measures: Markdown, to
standard output. The one argument is gpu-check's report so far, whose times are set beside PyTorch's."""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

LEAST = 0.05  # seconds of a measurement
MOST = 40  # seconds of all
began = time.monotonic()
device = torch.device("cuda")
torch.manual_seed(5)


def seconds(work):
    work()
    torch.cuda.synchronize()
    times, best = 1, math.inf
    while True:
        start = time.perf_counter()
        for _ in range(times):
            work()
        torch.cuda.synchronize()
        spent = time.perf_counter() - start
        if spent >= LEAST:
            best = min(best, spent / times)
            break
        times *= 2
    for _ in range(2):
        start = time.perf_counter()
        for _ in range(times):
            work()
        torch.cuda.synchronize()
        best = min(best, (time.perf_counter() - start) / times)
    return best


def perceptron(*sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


class Block(nn.Module):
    """A transformer block with its norms before, causal, of plain operations."""

    def __init__(self, width, heads, length):
        super().__init__()
        self.heads = heads
        self.norm, self.projection = nn.LayerNorm(width), nn.Linear(width, 3 * width)
        self.output, self.norm2 = nn.Linear(width, width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.full((length, length), -math.inf).triu(1))

    def forward(self, x):
        rows, length, width = x.shape
        each = (rows, length, 3, self.heads, width // self.heads)
        q, k, v = self.projection(self.norm(x)).view(each).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + self.mask
        taken = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(x.shape)
        x = x + self.output(taken)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary=1024, length=64, width=256, blocks=8, heads=4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.Sequential(*[Block(width, heads, length) for _ in range(blocks)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def forward(self, ids):
        return self.head(self.norm(self.blocks(self.tokens(ids) + self.places)))


def pictures():
    layers, before = [], 1
    for channels in (32, 64):
        layers += [nn.Conv2d(before, channels, 3, padding=1, bias=False), nn.MaxPool2d(2)]
        layers += [nn.BatchNorm2d(channels), nn.ReLU()]
        before = channels
    tail = [nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10)]
    return nn.Sequential(*layers, *tail)


def adam(rate):
    return lambda weights: torch.optim.Adam(weights, lr=rate)


def nesterovs(weights):
    return torch.optim.SGD(weights, lr=0.01, momentum=0.9, nesterov=True)


WIDE = (784,) + (1024,) * 8 + (10,)
WORK = {  # the network, its input, classes, its optimizer
    "W0": (lambda: perceptron(784, 256, 128, 100, 10), (128, 784), 10, adam(1e-3)),
    "W1": (lambda: perceptron(*WIDE), (512, 784), 10, nesterovs),
    "W2": (Gpt, (32, 64), 1024, adam(1e-3)),
    "W3": (pictures, (128, 1, 28, 28), 10, adam(2e-3)),
}


def step(name):
    make, shape, classes, optimizer = WORK[name]
    network = make().to(device)
    update = optimizer(network.parameters())
    ids = name == "W2"
    x = torch.randint(classes, shape, device=device) if ids else torch.rand(shape, device=device)
    y = torch.randint(classes, shape if ids else shape[:1], device=device).flatten()

    def once():
        update.zero_grad(set_to_none=True)
        output = network(x)
        F.cross_entropy(output.reshape(-1, output.shape[-1]), y).backward()
        update.step()

    return seconds(once), shape[0]


def ours(report):
    """Milliseconds of our steps, by network and what multiplies."""
    found = {}
    with open(report, encoding="utf-8") as lines:
        for line in lines:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) == 8 and cells[1] in WORK:
                found[cells[1], cells[2]] = float(cells[4])
    return found


def main():
    print(f"\n## PyTorch {torch.__version__}, CUDA {torch.version.cuda}\n")
    print("| rows x inputs x outputs | in | TFLOP/s |\n|---|---|---|")
    for rows, inner, columns in ((512, 1024, 1024), (2048, 256, 1024), (4096,) * 3, (8192,) * 3):
        for precision in ("float32", "tf32", "bfloat16"):
            torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
            kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
            a = torch.randn(rows, inner, device=device, dtype=kind)
            b = torch.randn(inner, columns, device=device, dtype=kind)
            rate = 2 * rows * inner * columns / seconds(lambda: a @ b) / 1e12
            print(f"| {rows} x {inner} x {columns} | {precision} | {rate:.3g} |")
    print("\n| training step, eager | in | rows | ms | rows/s | ours, as a share of its rate |")
    print("|---|---|---|---|---|---|")
    known, left_out = ours(sys.argv[1]), []
    for name in WORK:
        for precision in ("float32", "tf32"):
            if time.monotonic() - began > MOST:
                left_out.append(f"{name} in {precision}")
                continue
            torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
            torch.backends.cudnn.allow_tf32 = precision == "tf32"
            spent, rows = step(name)
            shares = [
                f"{1000 * spent / ms:.0%} by {what}"
                for (network, what), ms in known.items()
                if network == name and precision in (what.split(",")[0] if "cuBLASLt" in what else "float32")
            ]
            cells = [name, precision, rows, f"{1000 * spent:.3g}", f"{rows / spent:.3g}", ", ".join(shares)]
            print("| " + " | ".join(map(str, cells)) + " |")
    for what in left_out:
        print(f"- left out, for its time was up: {what}")


if __name__ == "__main__":
    main()

"""PyTorch at a reference work of Penstock's, for examples/run bench --peers torch.

usage: torch_peer.py WORK ROWS WAY THREADS MICRO_BATCHES

WAY is plain (one process, the batch whole), gpipe or 1f1b (two stages, a process each, which hand
over by gloo), gpipe-threads (two stages, a thread each) or ddp (two replicas, a process each, by
DistributedDataParallel over gloo). Ends with the line
PEER rows_per_s=... blas=..., the rate once two steps have warmed it up.
"""

import ctypes
import math
import multiprocessing
import os
import queue
import re
import sys
import tempfile
import threading
import time
import traceback
import warnings
from multiprocessing import connection

warnings.filterwarnings("ignore")

import torch
import torch.distributed as distributed
from torch import nn
from torch.nn import functional

WARM_UP = 2


# --- the works ------------------------------------------------------------------------------------


class Linear(nn.Linear):
    """Adds its weight gradient in the product itself: less to do than a product and then a sum."""

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(context, layer, rows, weight, bias):
            context.layer = layer
            context.save_for_backward(rows)
            return functional.linear(rows, weight, bias)

        @staticmethod
        def backward(context, gradient):
            (rows,) = context.saved_tensors
            layer = context.layer
            flat = gradient.reshape(-1, gradient.shape[-1])
            inputs = rows.reshape(-1, rows.shape[-1])
            if layer.weight.grad is None:
                layer.weight.grad = flat.t().mm(inputs)
                layer.bias.grad = flat.sum(0)
            else:
                layer.weight.grad.addmm_(flat.t(), inputs)
                layer.bias.grad.add_(flat.sum(0))
            back = gradient.matmul(layer.weight) if context.needs_input_grad[1] else None
            return None, back, None, None

    own_product = True  # replicas need PyTorch's, which tells when a gradient is there

    def forward(self, rows):
        if not Linear.own_product:
            return super().forward(rows)
        return Linear.Product.apply(self, rows, self.weight, self.bias)


class Attention(nn.Module):
    def __init__(self, width, heads, length):
        super().__init__()
        self.heads = heads
        self.inward = Linear(width, 3 * width)
        self.outward = Linear(width, width)
        self.register_buffer("future", torch.ones(length, length, dtype=torch.bool).triu(1))

    def forward(self, x):
        rows, length, width = x.shape
        parts = self.inward(x).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query.matmul(key.transpose(-2, -1)) / math.sqrt(width // self.heads)
        shares = scores.masked_fill(self.future, float("-inf")).softmax(-1)
        return self.outward(shares.matmul(value).transpose(1, 2).reshape(rows, length, width))


class Residual(nn.Module):
    def __init__(self, width, *inner):
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(width), *inner)

    def forward(self, x):
        return x + self.inner(x)


class Embedding(nn.Module):
    def __init__(self, vocabulary, width, length):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(0.02 * torch.randn(length, width))

    def forward(self, ids):
        return self.tokens(ids) + self.places


def perceptron(*sizes):
    layers = []
    for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
        layers += [Linear(inputs, outputs), nn.ReLU(inplace=True)]
    return layers + [Linear(sizes[-2], sizes[-1])]


def gpt(vocabulary, length, width, blocks, heads):
    layers = [Embedding(vocabulary, width, length)]
    for _ in range(blocks):
        dense = [Linear(width, 4 * width), nn.GELU(), Linear(4 * width, width)]
        attention = Residual(width, Attention(width, heads, length))
        layers.append(nn.Sequential(attention, Residual(width, *dense)))
    return layers + [nn.LayerNorm(width), Linear(width, vocabulary)]


def pictures():
    layers = []
    for before, channels in ((1, 32), (32, 64)):
        layers += [
            nn.Conv2d(before, channels, 3, padding=1, bias=False),
            nn.MaxPool2d(2),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        ]
    dense = [Linear(3136, 128), nn.ReLU(inplace=True), nn.Dropout(0.3), Linear(128, 10)]
    return layers + [nn.Flatten()] + dense


def classes(*shape):
    return lambda rows: (torch.rand(rows, *shape), torch.randint(0, 10, (rows,)))


def sequences(rows):
    ids = torch.randint(0, 1024, (rows, 65))
    return ids[:, :-1].contiguous(), ids[:, 1:].contiguous()


def nesterovs(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, nesterov=True)


def adam(rate):
    return lambda parameters: torch.optim.Adam(parameters, lr=rate)


# layers, the first of the second stage, what a row is between them, rows, rows of a batch, updater
WORKS = {
    "W0": (lambda: perceptron(784, 256, 128, 100, 10), 2, (256,), classes(784), 128, adam(0.001)),
    "W1": (lambda: perceptron(784, *[1024] * 8, 10), 8, (1024,), classes(784), 512, nesterovs),
    "W2": (lambda: gpt(1024, 64, 256, 8, 4), 5, (64, 256), sequences, 32, adam(0.001)),
    "W3": (pictures, 4, (32, 14, 14), classes(1, 28, 28), 128, adam(0.002)),
}


def loss_of(output, labels):
    return functional.cross_entropy(output.reshape(-1, output.shape[-1]), labels.reshape(-1))


# --- what computes --------------------------------------------------------------------------------


def blas():
    """PyTorch's version, and which OpenBLAS with which kernels, as the process has them."""
    words = ["torch-" + torch.__version__.split("+")[0]]
    with open("/proc/self/maps") as maps:
        files = sorted({line.split()[-1] for line in maps if re.search(r"/\S*(blas|mkl)\S*\.so", line)})
    for file in files:
        try:
            library = ctypes.CDLL(file)
            library.openblas_get_config.restype = ctypes.c_char_p
            library.openblas_get_corename.restype = ctypes.c_char_p
            version = library.openblas_get_config().decode().split()[1]
            kernel = library.openblas_get_corename().decode()
            words.append("openblas-" + version + ":" + kernel)
            break
        except (OSError, AttributeError):
            continue
    else:
        words += ["mkl"] if torch.backends.mkl.is_available() else ["unknown"]
    return ",".join(words + ["threads:" + os.environ.get("OMP_NUM_THREADS", "all")])


# --- one process ----------------------------------------------------------------------------------


def plain(work, rows):
    """Trains batch by batch; returns the seconds that these rows took."""
    layers, _, _, data, batch, updater = WORKS[work]
    network = nn.Sequential(*layers())
    step = updater(network.parameters())
    features, labels = data(rows)
    starts = list(range(0, rows, batch))
    begin = 0.0
    for index, start in enumerate(starts[:WARM_UP] + starts):
        if index == WARM_UP:
            begin = time.perf_counter()
        step.zero_grad(set_to_none=True)
        own = slice(start, start + batch)
        loss_of(network(features[own]), labels[own]).backward()
        step.step()
    return time.perf_counter() - begin


# --- two stages -----------------------------------------------------------------------------------


class Gloo:
    """Hands over between two processes; what will come is asked for before the step begins."""

    def __init__(self, stage, shapes):
        self.peer = 1 - stage
        self.shapes = shapes
        self.leaving = []

    def expect(self):
        self.coming = []
        for index, shape in enumerate(self.shapes):
            room = torch.empty(shape)
            self.coming.append((distributed.irecv(room, self.peer, tag=index), room))

    def take(self, index):
        request, tensor = self.coming[index]
        request.wait()
        return tensor

    def give(self, index, tensor):
        tensor = tensor.contiguous()
        self.leaving.append((distributed.isend(tensor, self.peer, tag=index), tensor))

    def settle(self):
        for request, _ in self.leaving:
            request.wait()
        self.leaving.clear()


class Queues:
    """Hands over between two threads, by reference; both sides go through it in the same order."""

    def __init__(self, inward, outward):
        self.inward = inward
        self.outward = outward

    def expect(self):
        pass

    def take(self, index):
        came, tensor = self.inward.get()
        assert came == index
        return tensor

    def give(self, index, tensor):
        self.outward.put((index, tensor))

    def settle(self):
        pass


def actions(way, stage, count):
    """What a stage does in a step: (forward or not, micro-batch)."""
    forwards = [(True, index) for index in range(count)]
    backwards = [(False, index) for index in range(count)]
    if way.startswith("gpipe"):
        return forwards + backwards
    ahead = 1 - stage  # the first stage is one forward ahead
    order = forwards[:ahead]
    for forward, backward in zip(forwards[ahead:], backwards):
        order += [forward, backward]
    return order + backwards[count - ahead :]


def pipelined(work, rows, way, count, stage, network, link, barrier):
    """One of two stages; returns the seconds that these rows took."""
    _, _, _, data, batch, updater = WORKS[work]
    step = updater(network.parameters())
    features, labels = data(rows)
    starts = list(range(0, rows - batch + 1, batch))  # whole batches: the shapes stay
    size = batch // count
    begin = 0.0
    for turn, start in enumerate(starts[:WARM_UP] + starts):
        if turn == WARM_UP:
            barrier()
            begin = time.perf_counter()
        step.zero_grad(set_to_none=True)
        link.expect()
        open_ones = {}
        for forward, index in actions(way, stage, count):
            own = slice(start + index * size, start + (index + 1) * size)
            if stage == 0 and forward:
                open_ones[index] = network(features[own])
                link.give(index, open_ones[index].detach())
            elif stage == 0:
                open_ones.pop(index).backward(link.take(index))
            elif forward:
                came = link.take(index).detach().requires_grad_()
                open_ones[index] = (came, loss_of(network(came), labels[own]) / count)
            else:
                came, loss = open_ones.pop(index)
                loss.backward()
                link.give(index, came.grad)
        step.step()
        link.settle()
    barrier()
    return time.perf_counter() - begin


def halves(work):
    layers, cut, *_ = WORKS[work]
    torch.manual_seed(1)
    all_layers = layers()
    return nn.Sequential(*all_layers[:cut]), nn.Sequential(*all_layers[cut:])


def in_threads(work, rows, way, threads, count):
    there, back = queue.Queue(), queue.Queue()
    links = Queues(back, there), Queues(there, back)
    barrier = threading.Barrier(2)
    seconds = [None, None]

    def run(stage, network):
        torch.set_num_threads(threads)
        try:
            seconds[stage] = pipelined(
                work, rows, way, count, stage, network, links[stage], barrier.wait
            )
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # or the other thread would wait for ever

    stages = [
        threading.Thread(target=run, args=(stage, network))
        for stage, network in enumerate(halves(work))
    ]
    for stage in stages:
        stage.start()
    for stage in stages:
        stage.join()
    return max(seconds)


def replica(work, rows, rank, barrier):
    """One of two replicas; returns the seconds that these rows took both of them."""
    layers, _, _, data, batch, updater = WORKS[work]
    torch.manual_seed(1)
    Linear.own_product = False
    whole = nn.Sequential(*layers())
    masks = [name for name, held in whole.named_buffers() if held.dtype == torch.bool]
    wrapper = nn.parallel.DistributedDataParallel
    wrapper._set_params_and_buffers_to_ignore_for_model(whole, masks)  # gloo moves no truth values
    network = wrapper(whole)
    step = updater(network.parameters())
    features, labels = data(rows)
    starts = list(range(0, rows - batch + 1, batch))
    half = batch // 2
    begin = 0.0
    for turn, start in enumerate(starts[:WARM_UP] + starts):
        if turn == WARM_UP:
            barrier()
            begin = time.perf_counter()
        step.zero_grad(set_to_none=True)
        own = slice(start + rank * half, start + (rank + 1) * half)
        loss_of(network(features[own]), labels[own]).backward()
        step.step()
    barrier()
    return time.perf_counter() - begin


def process(stage, work, rows, way, threads, count, folder, seconds):
    torch.set_num_threads(threads)
    distributed.init_process_group(
        "gloo", init_method="file://" + folder + "/meeting", rank=stage, world_size=2
    )
    _, _, hidden, _, batch, _ = WORKS[work]
    if way == "ddp":
        taken = replica(work, rows, stage, distributed.barrier)
    else:
        link = Gloo(stage, [(batch // count, *hidden)] * count)
        network = halves(work)[stage]
        taken = pipelined(work, rows, way, count, stage, network, link, distributed.barrier)
    if stage == 1:
        seconds.put(taken)
    distributed.barrier()


def in_processes(work, rows, way, threads, count):
    multiprocessing.set_start_method("fork")
    seconds = multiprocessing.Queue()
    with tempfile.TemporaryDirectory() as folder:
        stages = [
            multiprocessing.Process(
                target=process,
                args=(stage, work, rows, way, threads, count, folder, seconds),
                daemon=True,  # ends with this process
            )
            for stage in (0, 1)
        ]
        for stage in stages:
            stage.start()
        running = {stage.sentinel: stage for stage in stages}
        while running:
            for ended in connection.wait(list(running)):
                stage = running.pop(ended)
                stage.join()
                if stage.exitcode != 0:  # the other would wait for ever
                    sys.exit("a stage ended with status %d" % stage.exitcode)
        return seconds.get(timeout=10)


def main():
    work, rows, way, threads, count = sys.argv[1:]
    rows, threads, count = int(rows), int(threads), int(count)
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if way == "plain":
        seconds = plain(work, rows)
        done = rows
    else:
        run = in_threads if way == "gpipe-threads" else in_processes
        seconds = run(work, rows, way, threads, count)
        done = rows - rows % WORKS[work][4]
    print("PEER rows_per_s=%.1f blas=%s" % (done / seconds, blas()), flush=True)


if __name__ == "__main__":
    main()

"""The networks whose gradients are compared: random weights, as their kinds are built everywhere."""

import torch
from torch import nn
from torch.nn import functional as F


class SmallCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 32, 3, padding=1)
        self.b = nn.Conv2d(32, 64, 3, padding=1)
        self.c = nn.Linear(64 * 7 * 7, 128)
        self.d = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.a(x)), 2)
        x = F.max_pool2d(F.relu(self.b(x)), 2)
        return self.d(F.relu(self.c(torch.flatten(x, 1))))


class Block(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.a = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.na = nn.BatchNorm2d(after)
        self.b = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.nb = nn.BatchNorm2d(after)
        plain = stride == 1 and before == after
        self.short = nn.Identity() if plain else nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = F.relu(self.na(self.a(x)))
        return F.relu(self.nb(self.b(y)) + self.short(x))


class ResNet18(nn.Module):
    """For pictures of 32 x 32: a first convolution of 3 x 3, four stages of two blocks."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(64)
        stages, before = [], 64
        for after, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            stages += [Block(before, after, stride), Block(after, after, 1)]
            before = after
        self.stages = nn.Sequential(*stages)
        self.last = nn.Linear(512, 10)

    def forward(self, x):
        x = self.stages(F.relu(self.norm(self.first(x))))
        return self.last(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(54, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 7))

    def forward(self, x):
        return self.net(x)


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.na, self.nb = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        n, t, w = x.shape
        q, k, v = self.qkv(self.na(x)).reshape(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        a = torch.softmax(q @ k.transpose(-1, -2) * (w // self.heads) ** -0.5, -1) @ v
        x = x + self.out(a.transpose(1, 2).reshape(n, t, w))
        return x + self.down(F.gelu(self.up(self.nb(x))))


class Vit(nn.Module):
    """For pictures of 32 x 32 in patches of 4 x 4: four layers of width 96."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 96, 4, 4)
        self.place = nn.Parameter(torch.randn(1, 64, 96) * 0.02)
        self.layers = nn.Sequential(*[Layer(96, 3) for _ in range(4)])
        self.norm = nn.LayerNorm(96)
        self.last = nn.Linear(96, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2) + self.place
        return self.last(self.norm(self.layers(x)).mean(1))


# name: network, shape of a row, rows, eps, classes
NETS = {
    "small-cnn": (SmallCnn, (1, 28, 28), 128, 0.1, 10),
    "resnet-18": (ResNet18, (3, 32, 32), 32, 8 / 255, 10),
    "mlp": (Mlp, (54,), 1024, 0.05, 7),
    "vit": (Vit, (3, 32, 32), 32, 8 / 255, 10),
}


def made(name):
    torch.manual_seed(7)
    kind, shape, rows, eps, classes = NETS[name]
    net = kind().eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    net.requires_grad_(False)
    x = torch.rand(rows, *shape)
    labels = torch.randint(0, classes, (rows,))
    return net, x, labels, eps

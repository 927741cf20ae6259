"""Starts a kernel, interrupts a cell that runs for long as Jupyter's stop button does, and runs another.

usage: interrupt.py KERNEL BEFORE LONG AFTER, each of the latter three the code of a cell. Prints what each
cell wrote, or the name of its error. The second says "ready" when it is time to interrupt it.
"""
import queue
import signal
import sys

from jupyter_client.manager import start_new_kernel

PATIENCE = 120  # seconds; a kernel that hangs must not hang the build


def run(manager, client, code, interrupt=False):
    request = client.execute(code)
    said = []
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        if message["msg_type"] == "stream":  # in pieces of any size, and a listener's under any header
            said.append(content["text"])
            if interrupt and "ready" in "".join(said):
                interrupt = False
                manager.interrupt_kernel()
        elif message["parent_header"].get("msg_id") != request:
            continue
        elif message["msg_type"] == "error":
            said.append(" " + content["ename"])
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            break
    reply = client.get_shell_msg(timeout=PATIENCE)
    while reply["parent_header"].get("msg_id") != request:  # of a question asked while the kernel started
        reply = client.get_shell_msg(timeout=PATIENCE)
    return " ".join([reply["content"]["status"]] + "".join(said).split())


kernel, before, long, after = sys.argv[1:]
# A build in the background of a script ignores interrupts, so do all its children, and a JVM that begins so
# cannot be told otherwise. A kernel of Jupyter's server, which handles them, does not.
signal.signal(signal.SIGINT, signal.SIG_DFL)
manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=PATIENCE)
try:
    print(run(manager, client, before))
    print(run(manager, client, long, interrupt=True))
    print(run(manager, client, after))
except queue.Empty:
    sys.exit("the kernel, alive: %s, said nothing for %d s" % (manager.is_alive(), PATIENCE))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)

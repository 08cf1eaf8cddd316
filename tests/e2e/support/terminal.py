"""Runs a command in a terminal of its own: what it writes goes to stdout, what it is to be sent comes as JSON lines.

    {"type": "keys"} or {"resize": [80, 24]} or {"signal": 15} or {"hangup": true}

When the command has ended, one line of JSON on stderr says how, and whether the terminal is as it was.
"""
import fcntl, json, os, pty, select, struct, subprocess, sys, termios


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


columns, rows = int(sys.argv[1]), int(sys.argv[2])
master, slave = pty.openpty()
resize(slave, columns, rows)
before = termios.tcgetattr(slave)
child = subprocess.Popen(sys.argv[3:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
pending = b""
listened = [master, 0]
hung_up = False
while child.poll() is None or (not hung_up and select.select([master], [], [], 0)[0]):
    ready = select.select(listened, [], [], 0.05)[0]
    if master in ready:
        sys.stdout.buffer.write(os.read(master, 65536))
        sys.stdout.buffer.flush()
    if 0 not in ready:
        continue
    chunk = os.read(0, 65536)
    if not chunk:
        listened.remove(0)
        child.kill()
    pending += chunk
    while b"\n" in pending:
        line, pending = pending.split(b"\n", 1)
        order = json.loads(line)
        if "type" in order:
            os.write(master, order["type"].encode())
        if "resize" in order:
            resize(master, *order["resize"])
        if "signal" in order:
            child.send_signal(order["signal"])
        if "hangup" in order:
            os.close(slave)
            os.close(master)
            listened.remove(master)
            hung_up = True

restored = None if hung_up else termios.tcgetattr(slave)[:4] == before[:4]
print(json.dumps({"code": child.wait(), "restored": restored}), file=sys.stderr)

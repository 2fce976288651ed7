"""What stands on PATH as `python3`: has the server start the program, and waits.

It imports only what is part of the interpreter, for it is started in each run of the
engine several times. The server's folder has this file with the line that starts it,
the socket and what pip and `--version` say.
"""

import _signal  # type: ignore[import-not-found]
import _socket
import marshal
import posix
import sys

FOLDER = sys.argv[0].rpartition("/")[0]
ARGUMENTS = sys.argv[1:]
FAILED = b"\0\1"
"""Status 1, where the server has gone without telling one."""
PASSED_ON = (
    *(_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT),
    *(_signal.SIGUSR1, _signal.SIGUSR2),
)


def main() -> None:
    """End as the program does."""
    with open(f"{FOLDER}/known", "rb") as file:
        known = marshal.load(file)
    said = known["said"].get(tuple(ARGUMENTS))
    if said is not None:
        while said:
            said = said[posix.write(1, said) :]
        return
    if _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        server.connect(f"{FOLDER}/socket")
    except OSError:  # its pytest has just been killed
        posix.execv(known["python"], [known["python"], *ARGUMENTS])
    life, lifeline = _socket.socketpair()
    ask(server, lifeline)
    pid = int.from_bytes(server.recv(4), "little")
    if not pid:
        posix.execv(known["python"], [known["python"], *ARGUMENTS])
    for each in PASSED_ON:
        if _signal.getsignal(each) != _signal.SIG_IGN:
            _signal.signal(each, lambda got, _frame: pass_on(pid, got))
    status = int.from_bytes(server.recv(4) or FAILED, "little")
    life.close()
    if posix.WIFSIGNALED(status):
        deadly = posix.WTERMSIG(status)
        if deadly in PASSED_ON:
            _signal.signal(deadly, _signal.SIG_DFL)
        posix.kill(posix.getpid(), deadly)
    posix._exit(posix.WEXITSTATUS(status))


def ask(server: _socket.socket, lifeline: _socket.socket) -> None:
    """Send what a program is started with; the lifeline breaks when this ends."""
    ignored = [each for each in PASSED_ON if _signal.getsignal(each) == _signal.SIG_IGN]
    asked = marshal.dumps((ARGUMENTS, posix.getcwd(), posix.environ, ignored))
    sent = len(asked).to_bytes(4, "little") + asked
    files = b"".join(
        each.to_bytes(4, sys.byteorder) for each in (0, 1, 2, lifeline.fileno())
    )
    given = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)
    rest = sent[server.sendmsg([sent], [given]) :]
    while rest:
        rest = rest[server.send(rest) :]
    lifeline.close()


def pass_on(pid: int, signal: int) -> None:
    """Give the program a signal."""
    try:
        posix.kill(pid, signal)
    except ProcessLookupError:
        return  # it has just ended


main()

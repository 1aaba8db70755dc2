"""Types command lines into a real shell and presses the tab key, to see what its completion offers.

usage: complete.py SHELL FILE    SHELL is bash, zsh or fish, FILE the completion for it
Standard input has a command line each line. Each is answered by a line on standard output: what is
offered, sorted, with a space in between (a directory without its slash). Runs in the current directory.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 30  # seconds for one answer

# Each writes what it offers to $SPY, a word a line, and then the line `done`.
BASH = """
PS1= HISTFILE=
bind 'set bell-style none'
source "$COMPLETION"
spy() {
    _revchain "$@"
    printf '%s\\n' "${COMPREPLY[@]}" done >"$SPY"
}
complete -F spy revchain
"""
ZSH = """
PS1= HISTFILE= LISTMAX=10000
zstyle ':completion:*' list-prompt ''
fpath=("${COMPLETION:h}" $fpath)
autoload -Uz compinit
compinit -u -D
offered=()
compadd() {
    local -a words
    # -D is for the array that the caller wants filled, and offers nothing
    if [[ ${@[(I)-[OAD]]} -gt 0 ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -A words "$@"
    offered+=($words)
    builtin compadd "$@"
}
spy() {
    offered=()
    zle complete-word
    print -rl -- $offered done >"$SPY"
}
zle -N spy
bindkey '^I' spy
bindkey '^U' kill-whole-line
"""
FISH = """
source $COMPLETION
while read -L line
    complete -C "$line"
    echo done
end
"""
START = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, shell: str, completion: str, directory: str) -> None:
        self.spy = os.path.join(directory, "spy")
        script = os.path.join(directory, "setup")
        with open(script, "w", encoding="ascii") as file:
            file.write(BASH if shell == "bash" else ZSH)
            file.write(f'echo done >"{self.spy}"\n')
        environment = {
            **os.environ,
            "TERM": "dumb",
            "COMPLETION": completion,
            "SPY": self.spy,
            "HOME": directory,
        }
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(shell, START[shell], environment)
        self.type(f"source {script}\n")
        self.answer()

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def offers(self, line: str) -> list[str]:
        self.type(line + "\t")
        words = self.answer()
        self.type("\x15")
        return words

    def answer(self) -> list[str]:
        """Wait until the shell has written all of $SPY; what it shows is read and thrown away."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.01)[0]:
                os.read(self.terminal, 65536)
            if os.path.exists(self.spy):
                with open(self.spy, encoding="utf-8") as file:
                    words = file.read().splitlines()
                if words and words[-1] == "done":
                    os.unlink(self.spy)
                    return words[:-1]
        sys.exit("complete.py: the shell does not answer")

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def fish(completion: str, lines: list[str], directory: str) -> list[list[str]]:
    environment = {**os.environ, "COMPLETION": completion, "HOME": directory}
    output = subprocess.run(
        ["fish", "--no-config", "-c", FISH],
        input="".join(line + "\n" for line in lines),
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    answers: list[list[str]] = [[]]
    for line in output.splitlines():
        if line == "done":
            answers.append([])
        else:
            answers[-1].append(line.partition("\t")[0])
    return answers[:-1]


def main() -> None:
    shell, completion = sys.argv[1], os.path.abspath(sys.argv[2])
    lines = sys.stdin.read().splitlines()
    with tempfile.TemporaryDirectory() as directory:
        if shell == "fish":
            answers = fish(completion, lines, directory)
        else:
            terminal = Terminal(shell, completion, directory)
            answers = [terminal.offers(line) for line in lines]
            terminal.close()
    for line, words in zip(lines, answers):
        print(*sorted({bare(word, line) for word in words} - {""}))


def bare(word: str, line: str) -> str:
    """Take off what one shell has and another has not: the option before =, and = or / behind."""
    option, equals, _ = line.rpartition(" ")[2].partition("=")
    return word.strip().removeprefix(option + equals if equals else "").rstrip("=/")


if __name__ == "__main__":
    main()

"""``newsarchive completion``."""

import click
from click.shell_completion import get_completion_class


@click.command(short_help="Print the shell's completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the script that makes SHELL complete newsarchive's commands and options.

    bash: add 'eval "$(newsarchive completion bash)"' to ~/.bashrc; zsh likewise to ~/.zshrc;
    fish: newsarchive completion fish > ~/.config/fish/completions/newsarchive.fish
    """
    cls = get_completion_class(shell)
    assert cls is not None, "click knows the three shells"
    click.echo(cls(ctx.find_root().command, {}, "newsarchive", "_NEWSARCHIVE_COMPLETE").source())
    return 0

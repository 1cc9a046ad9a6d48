"""The commands of ``checker``; what they do is in ``console``.

Exit codes, the first that applies:

    3  internal error
    2  usage, configuration, an unreadable or failing file or claim (all else is decided)
    1  a verdict is not as expected (``--fail-on undecided``: or any is undecided)
    5  no claims
    0  every claim as expected
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

import click

from .completion import SHELLS, claims_or_files, script
from .records import Decision, Run
from .running.config import ConfigError, Options, parse_memory, parse_timeout, read_config
from .running.loader import UsageError
from .running.selection import SelectionError

OK, UNEXPECTED, USAGE, INTERNAL, NO_CLAIMS, INTERRUPTED = 0, 1, 2, 3, 5, 130
GRADE_FORMATS = ("full", "json", "csv", "markdown", "github", "junit", "gradescope", "prairielearn")
FORMATS = ("full", "concise", "json", "json-lines", "github", "junit", "sarif", "markdown")


def main(args: list[str] | None = None) -> NoReturn:
    """The entry point: turns every way to fail into its exit code."""
    from .console.printed import guarded

    with guarded():
        _main(args)


def _main(args: list[str] | None) -> NoReturn:
    try:
        sys.exit(cli.main(args, prog_name="checker", standalone_mode=False) or OK)
    except (ConfigError, UsageError, SelectionError) as error:
        click.echo(f"checker: {error}", err=True)
        sys.exit(USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has seen enough: say nothing more
        sys.exit(OK)
    except Exception:
        traceback.print_exc()
        click.echo("checker: internal error; please report it with the lines above", err=True)
        sys.exit(INTERNAL)


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from .running.sandbox import protections
        from .versions import versions

        click.echo(versions())
        click.echo(f"boxes for other people's text: {protections()}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
              help="Show the versions of the program, of the kernel's rules and of SymPy and FLINT.")
def cli() -> None:
    """Decide the claims of a derivation: proved, refuted by a witness, or undecided and why.

    \b
    A claim is a line of Python in derivations/*.py:
        D = Derivation("attention", title="Attention with orthonormal keys")
        D.claim("weight-limit", limit(exp(c)/(2*exp(c) + m - 2), c, oo), "=", Rational(1, 2))
    or a line of a solution in LaTeX (.tex, .md, .ipynb): checker check homework.tex

    \b
    Start with      checker check
    then            checker explain ID      for one that is not as you expected
    and             checker report          for the solutions document

    A proof is a certificate that a small kernel replays; `checker replay` does it again without SymPy.
    """


def _limits(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed((
        click.option("--jobs", "-j", type=click.IntRange(1), help="Workers; default: one per core."),
        click.option("--timeout", metavar="SECONDS", help="Limit for one claim; default 10."),
        click.option("--memory", metavar="SIZE", help="Limit for one claim, e.g. 512MiB; default 2GiB."),
    )):
        command = option(command)
    return command


def _options(
    paths: tuple[Path, ...], jobs: int | None, timeout: str | None, memory: str | None, **more: Any
) -> Options:
    """What pyproject.toml says, then what the command line says."""
    options = read_config()
    limits = options.limits
    if timeout is not None:
        limits = replace(limits, seconds=parse_timeout(timeout))
    if memory is not None:
        limits = replace(limits, memory=parse_memory(memory))
    whole = not paths and not more.get("select")
    return replace(
        options, paths=paths or options.paths, limits=limits, jobs=jobs or options.jobs, whole=whole,
        **{k: v for k, v in more.items() if v is not None},
    )


def _decide(options: Options, told: Callable[[Decision], None] | None = None) -> Run:
    from .console.screen import ProgressLine
    from .running.run import run

    progress = ProgressLine(sys.stderr)
    try:
        done = run(options, progress, told)
    finally:
        progress.close()
    _note(done)
    return done


def _note(done: Run) -> None:
    for note in done.notes:
        click.echo(f"checker: {note}", err=True)


def exit_code(run: Run, fail_on: tuple[str, ...] = ()) -> int:
    if run.problems:
        return USAGE
    if any(not d.as_expected for d in run.decisions):
        return UNEXPECTED
    if any(d.verdict in fail_on for d in run.decisions):
        return UNEXPECTED
    return OK if run.decisions else NO_CLAIMS


PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
NOTATION = click.option(
    "--notation", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="What the names of documents in LaTeX stand for that declare none; then every .tex, .md and .ipynb of a "
    "folder is a derivation.")


def _resolved(path: Path | None) -> Path | None:
    return path.resolve() if path is not None else None


@cli.command(short_help="Decide every claim; show what is not as expected.")
@PATHS
@click.option("-k", "select", metavar="WORDS",
              help="Only claims whose id has these words: 'game and not period'.")
@click.option("--lf", "last_failed", is_flag=True,
              help="Only the files in which something was not as expected when they were last checked.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", show_default=True,
              help="What to print: a table, a line per claim, or a format for a program.")
@click.option("--write", multiple=True, metavar="FORMAT=FILE",
              help="Also write the result to a file, e.g. sarif=build/claims.sarif; may be given again.")
@click.option("--fail-on", multiple=True, type=click.Choice(["undecided"]),
              help="Exit 1 also when a claim is undecided, expected or not.")
@click.option("--certificates", type=click.Path(path_type=Path), metavar="DIR",
              help="Where the proofs go; default build/certificates.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR",
              help="Where verdicts are remembered; default .checker.")
@click.option("--no-store", is_flag=True, help="Decide everything afresh; remember nothing.")
@NOTATION
@click.option("--shard", metavar="I/N",
              help="Only the I-th of N parts of the files; `checker merge` puts the parts together.")
@click.option("--executor", metavar="dask://HOST:PORT",
              help="Search on a Dask cluster; its proofs are replayed here. (Or dask: a cluster on this machine.)")
@click.option("--second-reader", is_flag=True,
              help="Note the lines of LaTeX that another reader reads otherwise (a few seconds more).")
@_limits
def check(
    paths: tuple[Path, ...], select: str | None, last_failed: bool, output_format: str, write: tuple[str, ...],
    fail_on: tuple[str, ...], certificates: Path | None, store: Path | None, no_store: bool, notation: Path | None,
    shard: str | None, executor: str | None, second_reader: bool, jobs: int | None, timeout: str | None,
    memory: str | None,
) -> int:
    """Decide every claim in PATHS (files or folders; default: derivations/).

    Derivations are Python files, or solutions in LaTeX (.tex, .md, .ipynb, .zip), which are decided line by line.

    Prints claim, statement, verdict, and what it rests on or the witness that refutes it. Verdicts of
    earlier runs are replayed, so a second run is quick.

    \b
    Exit code: 0 all as expected, 1 one is not, 2 a file or an option cannot be used,
               3 internal error, 5 no claims.
    """
    from .console.last_run import remember
    from .console.printed import Door

    options = _options(
        paths, jobs, timeout, memory, select=select, fail_on=fail_on or None,
        certificates=certificates.resolve() if certificates else None, store=store, notation=_resolved(notation),
    )
    if no_store:
        options = replace(options, store=None)
    if shard is not None:
        from .running.shards import parse_shard

        options = replace(options, shard=parse_shard(shard), whole=False)
    options = _executed(options, executor)
    files = _files(write)
    if last_failed:
        options = _last_failed(options, bool(paths))
    code = None
    stream = None
    if output_format == "json-lines":
        from .console.json_lines import JsonLines

        stream = JsonLines(options, sys.stdout)
    try:
        run = _decide(options, stream)
    except KeyboardInterrupt as stop:
        if (decided := getattr(stop, "run", None)) is None:
            raise
        _note(decided)
        run, code, second_reader = decided, INTERRUPTED, False
        click.echo("interrupted: what was decided is kept, and the next run goes on from there", err=True)
    else:
        remember(run, options)
    if second_reader:
        from .running.second_opinions import with_second_opinions

        run = with_second_opinions(run)
    ended = _exit_code(run, options) if code is None else code
    if stream is not None:
        stream.end(run, ended)
    else:
        _print(run, output_format, options, ended, sys.stdout)
    for path, also in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            _print(run, also, options, ended, cast(TextIO, Door(file)))
    return ended


def _executed(options: Options, executor: str | None) -> Options:
    if executor is None:
        return options
    from .running.cluster import parse_executor

    return replace(options, executor=parse_executor(executor))


def _exit_code(run: Run, options: Options) -> int:
    """Of a part of a run: a share without claims is none the worse for it."""
    code = exit_code(run, options.fail_on)
    if code == NO_CLAIMS and options.shard is not None:
        click.echo(f"part {options.shard.number} of {options.shard.of} has no claims of its own", err=True)
        return OK
    return code


def _last_failed(options: Options, paths_given: bool) -> Options:
    from .console.last_run import odd_files

    if paths_given:
        raise UsageError("--lf chooses the files itself: leave the paths out")
    if files := odd_files(options):
        return replace(options, paths=files, whole=False)
    click.echo("--lf: nothing was left over; checking everything", err=True)
    return options


def _print(run: Run, output_format: str, options: Options, code: int, out: TextIO) -> None:
    """``code``: how the run ends, which one format says, too."""
    from .console import machine, printed, screen

    match output_format:
        case "full":
            screen.full(run, options.root, out)
        case "concise":
            screen.concise(run, out)
        case "json":
            from .running.run import shard_header

            click.echo(machine.to_json(run, options.certificates, options.root, shard_header(options)), out)
        case "json-lines":
            from .console.json_lines import JsonLines

            JsonLines(options, out).end(run, code)
        case "github":
            printed.commands(machine.to_github(run), out)
        case "junit":
            click.echo(machine.to_junit(run), out)
        case "sarif":
            from .console import sarif

            click.echo(sarif.to_sarif(run, options.root), out)
        case "markdown":
            from .console import step_summary

            click.echo(step_summary.to_markdown(run), out)


def _files(written: tuple[str, ...]) -> dict[Path, str]:
    """``--write FORMAT=FILE``: the format of each file."""
    found = {}
    for text in written:
        output_format, _, name = text.partition("=")
        if output_format not in FORMATS or not name:
            raise UsageError(f"--write {text!r}: write it as FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}")
        found[Path(name)] = output_format
    return found


@cli.command(short_help="Check certificates again, without SymPy.")
@click.argument("certificates", nargs=-1, type=click.Path(path_type=Path))
@click.option("--against", multiple=True, type=click.Path(path_type=Path), metavar="PATH",
              help="Compare with what these derivations state: same claims, same verdicts, none missing.")
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full", show_default=True)
@_limits
def replay(
    certificates: tuple[Path, ...], against: tuple[Path, ...], output_format: str, jobs: int | None,
    timeout: str | None, memory: str | None,
) -> int:
    """Check certificates again, by the kernel alone (default: build/certificates).

    Believes nothing in them, and runs without SymPy. Says which rule rejects what, and where.

    \b
    Exit code: 0 all replay, 1 one is rejected (or, with --against, missing or not as expected),
               2 usage, 3 internal error, 5 no certificates.
    """
    from .console import replay as console
    from .running.replay import replay as again

    options = _options((), jobs, timeout, memory)
    found = again(certificates or (_certificate_dir(options),), against, options)
    if output_format == "json":
        click.echo(console.to_json(found))
    else:
        console.to_text(found, sys.stdout)
    if found.problems:
        return USAGE
    if not found.good:
        return UNEXPECTED
    return OK if found.results else NO_CLAIMS


def _certificate_dir(options: Options) -> Path:
    if options.certificates is None:
        raise UsageError("name the folder of the certificates")
    return options.certificates


@cli.command(short_help="One claim or line: as read, its proof, its witness, what would help.")
@click.argument("claim_id", metavar="ID|FILE:LINE", shell_complete=claims_or_files)
@PATHS
@NOTATION
@_limits
def explain(
    claim_id: str, paths: tuple[Path, ...], notation: Path | None, jobs: int | None, timeout: str | None,
    memory: str | None
) -> int:
    """Show all there is to know about one claim (or chain), or about one line of a derivation in LaTeX.

    Its statement as read, the term that is decided, domains and assumptions; then the proof's steps, or
    the witness with both sides' values, or what was tried and what to do next.  Of a line (solution.tex:12) also
    what was read, the tree, and the assumptions in force.
    """
    from .console.derivations import explain_line
    from .console.explain import explain as show_decision
    from .running.run import run

    file, _, number = claim_id.rpartition(":")
    line = int(number) if file and number.isascii() and number.isdigit() else None
    if line is not None and not paths:
        paths = (Path(file),)
    options = replace(_options(paths, jobs, timeout, memory, notation=_resolved(notation)), ids=(claim_id,),
                      certificates=None, whole=False)
    found = run(options)
    if line is not None:
        explain_line(found, file, line, options.root, sys.stdout)
        return OK
    for k, decision in enumerate(found.decisions):
        if k:
            click.echo()
        show_decision(decision, sys.stdout)
    return OK


@cli.command(short_help="Write the solutions document: Markdown, LaTeX, HTML, PDF.")
@PATHS
@NOTATION
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("build"), show_default=True,
              metavar="DIR", help="Where to write report.md, .tex, .html and .pdf.")
@click.option("--pdf-engine", type=click.Choice(["auto", "latexmk", "typst", "none"]), default="auto",
              show_default=True, help="auto: latexmk if a TeX with all packages is there, else typst.")
@_limits
def report(
    paths: tuple[Path, ...], notation: Path | None, out: Path, pdf_engine: str, jobs: int | None, timeout: str | None,
    memory: str | None,
) -> int:
    """Write the solutions document: Markdown, LaTeX, HTML and PDF.

    Decides what is not decided yet, then typesets every statement from the term that was decided, with
    its proof in words, its conditions, or the witness that refutes it. Exit codes as for `check`.
    """
    from .console.rows import summary
    from .reporting import build_report

    options = _options(paths, jobs, timeout, memory, notation=_resolved(notation))
    run = _decide(options)
    for path in build_report(run, out, pdf_engine):
        click.echo(f"wrote {path}")
    click.echo(summary(run))
    return exit_code(run)


@cli.command(short_help="Check again on every save; show what changed.")
@PATHS
@NOTATION
@_limits
def watch(paths: tuple[Path, ...], notation: Path | None, jobs: int | None, timeout: str | None, memory: str | None
          ) -> int:
    """Check PATHS, and again whenever a file is saved; show what changed.

    First what is not as expected, then after each save the verdicts that are new or other than before. What is not
    edited is not decided again. Ctrl-C ends.

    \b
    checker watch homework.tex
    """
    from .console.last_run import remember
    from .console.printed import clear
    from .console.watch import watch as keep_watching

    options = replace(_options(paths, jobs, timeout, memory, notation=_resolved(notation)), certificates=None)

    def decide(options: Options) -> Run:
        run = _decide(options)
        remember(run, options)
        return run

    try:
        keep_watching(options, decide, click.echo, clear)
    except KeyboardInterrupt:
        click.echo("")
    return OK


@cli.command(short_help="Print the script that completes on Tab.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """Print the script that completes commands, options and claim ids on Tab.

    \b
    bash  add to ~/.bashrc:  eval "$(checker completion bash)"
    zsh   add to ~/.zshrc:   eval "$(checker completion zsh)"   (after compinit)
    fish  checker completion fish > ~/.config/fish/completions/checker.fish

    The ids are those that `checker check` saw last.
    """
    click.echo(script(cli, shell))
    return OK


@cli.command(short_help="Put the parts of a run together (--shard).")
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), metavar="WHERE",
              help="A file; for grades a folder.")
@click.option("--fail-on", multiple=True, type=click.Choice(["undecided"]),
              help="Exit 1 also when a claim is undecided, expected or not.")
def merge(parts: tuple[Path, ...], out: Path, fail_on: tuple[str, ...]) -> int:
    """Put PARTS together as if the run had not been divided.

    PARTS are outputs of `checker check --shard I/N --output-format json` (or json-lines), or folders of
    `checker grade --shard I/N`.

    \b
    checker check --shard 2/4 --output-format json > part2.json      on each machine
    checker merge part*.json -o whole.json

    The exit code is that of the whole run.
    """
    from .console import merging

    whole = merging.merge(parts, out)
    words = (f"{len({r['student'] for r in whole['results']})} students" if "results" in whole
             else f"{len(whole['claims'])} claims")
    click.echo(f"wrote {out}: {words} of {len(parts)} parts")
    return merging.exit_code(whole, fail_on)


@cli.command(short_help="Show what a rule of a proof says, and what makes it fail.")
@click.argument("name", required=False)
def rules(name: str | None) -> int:
    """Show what the rule NAME of a proof concludes from what, what makes it fail, and its source.

    Without NAME it lists them all.

    \b
    checker rules gap
    """
    import difflib

    from .console import rule_pages

    if name is None:
        for each in rule_pages.pages():
            click.echo(f"{', '.join(each.names)}\n    {each.title}")
        return OK
    page = rule_pages.find(name)
    if page is None:
        near = difflib.get_close_matches(name, [n for p in rule_pages.pages() for n in p.names], 3)
        raise click.UsageError(f"there is no rule {name!r}" + (f"; did you mean {', '.join(near)}?" if near else
                                                               "; checker rules lists them"))
    click.echo(f"{', '.join(page.names)}   checker/kernel/{page.module}.py\n\n{page.text}")
    return OK


@cli.command(short_help="Points and feedback for a class; folders for Gradescope and others.")
@click.argument("problems", type=click.Path(path_type=Path), required=False)
@click.argument("submissions", type=click.Path(path_type=Path), required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("build/grades"), show_default=True,
              metavar="DIR", help="Where grades.json, the class page, the students' pages and the roster go.")
@click.option("--level", type=click.Choice(["marks", "line", "witness", "repair"]),
              help="How much students are told; default: what the problem says for today.")
@click.option("--now", metavar="DATE", help="Grade as if it were this date (2026-12-01T12:00).")
@click.option("--output-format", type=click.Choice(GRADE_FORMATS), default="full", show_default=True)
@click.option("--write", type=click.Path(path_type=Path), metavar="FILE", help="Write the output to FILE.")
@click.option("--summary", type=click.Path(path_type=Path), metavar="FILE", help="Also write the class page here.")
@click.option("--names", is_flag=True, help="Show the names of files and folders in place of pseudonyms.")
@click.option("--one-student", is_flag=True, help="All of SUBMISSIONS is one student's.")
@click.option("--decisions", type=click.Path(path_type=Path), metavar="FILE",
              help="What people decided; default decisions.jsonl beside PROBLEMS.")
@click.option("--decide", nargs=3, metavar="PROBLEM LINE-KEY right|wrong",
              help="Record what a person decided about a line (its key stands on the class page).")
@click.option("--reason", default="", help="Why; needed with --decide.")
@click.option("--compare", type=click.Path(path_type=Path), metavar="OLD.json",
              help="Say who gains or loses against earlier grades; a falling score needs --confirm.")
@click.option("--confirm", is_flag=True, help="Write grades although scores fall.")
@click.option("--finish-within", metavar="SECONDS",
              help="End the whole run after so long; what is not decided then waits for a person.")
@click.option("--submission-metadata", type=click.Path(path_type=Path), metavar="FILE",
              help="Gradescope's submission_metadata.json: say whether its points are those of PROBLEMS.")
@click.option("--init", "init_kind", type=click.Choice(["gradescope", "prairielearn", "github"]),
              help="Write the folder or workflow that runs this grading, into --out.")
@click.option("--zip", type=click.Path(path_type=Path), metavar="FILE",
              help="With --init gradescope: also the archive to upload.")
@click.option("--install", metavar="WHAT",
              help="What --init installs: a wheel file (taken along), or what pip takes; default: this version.")
@click.option("--merge", type=click.Path(path_type=Path), metavar="EXPORT.csv",
              help="An exported Canvas or Moodle gradebook: write it with the totals into --write.")
@click.option("--column", metavar="NAME", help="Its column for the totals.")
@click.option("--id-column", default="ID", show_default=True, metavar="NAME",
              help="Its column that has the names of the submissions (files or folders).")
@click.option("--shard", metavar="I/N",
              help="Only the I-th of N parts of the class; `checker merge` puts them together.")
@click.option("--executor", metavar="dask://HOST:PORT",
              help="Search on a Dask cluster; its proofs are replayed here. (Or dask: a cluster on this machine.)")
@click.option("--purge", is_flag=True, help="Delete the roster and the students' pages in --out.")
@_limits
def grade(problems: Path | None, submissions: Path | None, jobs: int | None, timeout: str | None, memory: str | None,
          **asked: Any) -> int:
    """Grade SUBMISSIONS (a file, or a folder with a file or folder per student) by PROBLEMS (YAML).

    Every line is decided; the first wrong one is named with a counterexample. What the checker does not know never
    costs a point: it waits for a person. Students are pseudonyms; who is who stands in DIR/roster.csv only.

    \b
    checker grade course/problems.yaml course/submissions
    checker grade course/problems.yaml --decide square form:1f2e... right --reason "see lecture 3"
    checker grade course/problems.yaml course/submissions --compare build/grades/grades.json

    \b
    Exit code: 0 graded, 1 scores fall and --confirm is missing, 2 a file or an option cannot be used,
               3 internal error, 5 no submissions.
    """
    from .console.grade_command import grade_command

    options = _executed(_options((), jobs, timeout, memory), asked.pop("executor"))
    return grade_command(options, problems, submissions, asked)

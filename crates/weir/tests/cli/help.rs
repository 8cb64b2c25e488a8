//! Help, version, and where the global flags may stand.

use crate::weir::Weir;

#[test]
fn help_of_the_top_level() {
    let weir = Weir::empty();
    let help = weir.run(&["--help"]);
    insta::assert_snapshot!(help.ok(), @r#"
    Weir 堰: audiences by exact set algebra over what consumers did, as of any day

    Usage: weir [OPTIONS] <COMMAND>

    Commands:
      demo          Load a synthetic merchant with every channel, then serve it
      workspace     Show or change the settings of the workspace
      import        Import files, see what was imported, take an import back
      eval          Count the members of an expression as of a date, exactly
      states        Count consumers by state of a model at some dates
      flow          Show how people moved between the states of a model from one date to another
      paths         Show which ways people took through the states of a model over several dates
      model         Look at state models, compare two of them, and try out rules before they are saved
      track         Follow people under a state model: distribution, flow, paths, alerts, reports
      funnel        Count who comes how far along some steps, in order and in time
      stage-funnel  Count who stands at each stage, from the target market to those who were won back
      retention     Count who comes back, by cohort of their first event
      rfm           Score everybody by how recently, how often and for how much they bought
      tag           The tag market: list, look at and compute tags
      portrait      Draw a portrait of some people: what they are and do against a base, with TGI and
                    how sure it is
      playbook      Ready-made campaigns: audiences, a track and a plan for a push from the workspace's
                    own data
      overlap       Count every combination of some sets: who is in these and in none of the others
      reach         Plan which media to buy for a budget so that as many people as possible are reached
      channels      Count whom each channel reached in the last days; see and fill in what can be asked
                    about one
      audience      See audiences, their versions, sizes over time and what uses them; refresh and
                    remove them
      list          See what became of uploaded lists, and remove them; they are uploaded by weir import
                    list
      why           Tell why a consumer is in or out of an expression
      consumer      Show one person: identifiers, tags, states over time, audiences, pushes; with
                    --events what they did
      identity      See who is one person and why; take links out of account, and back
      snapshot      Freeze the members of an audience or expression as of a date
      snapshots     See frozen audiences; weir snapshot takes them
      destination   Make, list and test destinations: files and webhooks that people are pushed to
      push          Push an audience, expression or snapshot to a destination, with a ledger that
                    balances
      pushes        See what became of pushes, stop them, go on with them
      jobs          See how far long work is, and end it
      apply         Apply the definitions in a folder of YAML files (audiences, tags, state models …),
                    all or none of them
      export        Write every definition of your own to a folder (audiences, tags, state models …),
                    one YAML file each
      test          Run the tests in a folder of definitions: what audiences and models make of example
                    consumers
      sql           Run a query over the workspace's tables
      verify        Read every file of the workspace and check it, and the index against the events
      expire        Let events expire that are older than the workspace keeps them
      source        Make, list and end sources: where clients send events to, each with a write key
      token         Make, list and revoke tokens for the management API
      password      Set the password that the console is opened with
      serve         Serve the HTTP API

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
          --data <DIR>                 The data directory [env: WEIR_DATA] [default: weir-data]
          --workspace <NAME>           The workspace: one merchant's separate world [default: default]
          --allow-networks <NETWORKS>  Networks that webhooks may lead into besides the public internet,
                                       such as 127.0.0.0/8,10.1.2.3 [env: WEIR_ALLOW_NETWORKS]
          --json                       Write one JSON document to stdout instead of tables; errors as
                                       JSON to stderr

    Examples:
      weir workspace set timezone=Asia/Shanghai currency=CNY
      weir import events orders.csv --sql orders.sql --source orders
      echo '{"did":{"behavior":["purchase"],"within":{"days":90}}}' | weir eval - --as-of 2024-11-30
      weir states --model pno --scope shop=flagship --at 2024-06-30,2024-12-31
      weir flow --model pno --scope shop=flagship --from 2024-10-23 --to 2024-12-31
      weir sql "SELECT channel, count(*) FROM events GROUP BY channel ORDER BY 2 DESC"

    Exit status: 0 done, 2 the request is wrong, 1 the fault is ours (disk, damaged file, bug).
    "#);
    assert_eq!(weir.run(&["-h"]).ok(), help.ok());
}

#[test]
fn every_command_has_help_and_every_flag_a_text() {
    let weir = Weir::empty();
    let commands: &[&[&str]] = &[
        &["workspace"],
        &["workspace", "set"],
        &["workspace", "rate"],
        &["import"],
        &["import", "events"],
        &["import", "tags"],
        &["import", "catalog"],
        &["import", "list"],
        &["import", "log"],
        &["import", "undo"],
        &["workspace", "feature"],
        &["eval"],
        &["states"],
        &["flow"],
        &["paths"],
        &["model"],
        &["model", "list"],
        &["model", "show"],
        &["model", "versions"],
        &["model", "restore"],
        &["model", "diff"],
        &["model", "compare"],
        &["model", "check"],
        &["model", "delete"],
        &["track"],
        &["track", "list"],
        &["track", "show"],
        &["track", "versions"],
        &["track", "report"],
        &["track", "compare"],
        &["track", "check"],
        &["track", "refresh"],
        &["track", "alerts"],
        &["track", "reports"],
        &["track", "delete"],
        &["portrait"],
        &["playbook"],
        &["playbook", "list"],
        &["playbook", "show"],
        &["playbook", "create"],
        &["stage-funnel"],
        &["funnel"],
        &["retention"],
        &["why"],
        &["consumer"],
        &["snapshot"],
        &["snapshots"],
        &["snapshots", "list"],
        &["snapshots", "show"],
        &["destination"],
        &["destination", "add"],
        &["destination", "list"],
        &["destination", "remove"],
        &["destination", "test"],
        &["destination", "secret"],
        &["destination", "enable"],
        &["push"],
        &["pushes"],
        &["pushes", "list"],
        &["pushes", "show"],
        &["pushes", "messages"],
        &["pushes", "resume"],
        &["pushes", "stop"],
        &["apply"],
        &["export"],
        &["sql"],
        &["verify"],
        &["expire"],
        &["source"],
        &["source", "add"],
        &["source", "list"],
        &["source", "show"],
        &["source", "rotate"],
        &["source", "revoke"],
        &["source", "disable"],
        &["source", "enable"],
        &["token"],
        &["token", "add"],
        &["password"],
        &["password", "set"],
        &["password", "show"],
        &["serve"],
    ];
    for command in commands {
        let run = weir.run(&[command, &["--help"][..]].concat());
        let help = run.ok();
        let flags = help.lines().filter(|line| line.trim_start().starts_with("--"));
        for flag in flags {
            assert!(flag.trim().contains("  "), "{command:?}: {flag}");
        }
        assert!(help.contains("Usage: weir "), "{command:?}");
    }
}

#[test]
fn version_names_the_program() {
    assert!(Weir::empty().run(&["--version"]).ok().starts_with("weir 0."));
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    let weir = Weir::shop();
    let before = weir.run(&["--json", "--data", "weir-data", "import", "log"]).json();
    let after = weir.run(&["import", "log", "--json", "--data", "weir-data"]).json();
    assert_eq!(before, after);
    let from_environment =
        weir.command(&["--json", "import", "log"]).env("WEIR_DATA", "weir-data").output().unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&from_environment.stdout).unwrap(), before);
}

#[test]
fn the_openapi_document_is_printed_with_a_line_end() {
    let run = Weir::empty().run(&["openapi"]);
    let text = run.ok();
    assert!(text.starts_with("{\n  \"openapi\"") && text.ends_with("}\n"));
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_is_no_error() {
    let weir = Weir::empty();
    let mut child = weir.command(&["openapi"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

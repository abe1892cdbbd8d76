package org.picket.cli;

import picocli.CommandLine.Command;

/// Hash lists: contents that are known before anybody looks at them.
@Command(
        name = "lists",
        description = "hash lists: what they name is found, or left alone, and never sent to anybody",
        subcommands = {ListsImport.class, ListsShow.class, ListsDisable.class, ListsEnable.class})
final class ListsCommand {
    ListsCommand() {}
}

package org.picket.drill;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// The release after this build's, as an install of its own: this build's jars, in which those classes were compiled
/// anew that say the release's name, the version of the contract, and the migrations. So it differs as any release does
/// in what it says of itself and in what it does to a database that it shares: it speaks the contract's next version,
/// and a migration of its own adds a column to the table that changes most.
///
/// In all else it does not differ. So it shows that installs of two releases let each other work, share and hand over,
/// and that one migrates what the other uses meanwhile. It does not show that what a certain release changes in
/// messages and statements is understood by the one before: to that `ContractCompatibilityTest`, `ContractSkewIT`,
/// `LaterVersionTest` and `MigrationStepsTest` hold each release.
///
/// @param jars its folder
/// @param contract the version of the contract that it speaks
record NextRelease(Path jars, int contract) {
    /// What its processes say that they are.
    static final String NAME = "99.0.0-drill";

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path MIGRATIONS = Path.of("org", "picket", "coordinator", "database", "migration");
    private static final String MIGRATION = """
            -- As a later release may.
            alter table listing add column drill text not null default '';
            """;

    private static final Pattern CONTRACT = Pattern.compile("(?<= CONTRACT_VERSION = )\\d+");
    private static final Pattern RELEASE = Pattern.compile("(?<= PICKET = \")[^\"]+");
    private static final Pattern LAST_MIGRATION = Pattern.compile("(?<=\"V)(\\d+)__\\w+\\.sql\"(?=\\);)");

    private static final Path LIMITS = source("proto", "proto/limit/Limits");
    private static final Path VERSION = source("runtime", "runtime/Version");
    private static final Path FILES = source("coordinator", "coordinator/database/Migrations");

    /// Their constants were compiled into these.
    private static final List<Path> USERS = List.of(
            source("runtime", "runtime/channel/ContractVersion"),
            source("runtime", "runtime/channel/Build"),
            source("runtime", "runtime/telemetry/Telemetry"),
            source("worker-agent", "agent/Agent"),
            source("ops/picket", "cli/Main"));

    private static Path source(String module, String name) {
        return ROOT.resolve(module).resolve("src/main/java/org/picket").resolve(name + ".java");
    }

    /// Makes it.
    static NextRelease install(Path folder) throws IOException {
        int contract = Integer.parseInt(found(CONTRACT, LIMITS).group()) + 1;
        int migration = Integer.parseInt(found(LAST_MIGRATION, FILES).group(1)) + 1;
        String added = "V" + migration + "__drill.sql";
        Path sources = Files.createDirectories(folder.resolve("sources"));
        List<Path> changed = new ArrayList<>(USERS);
        changed.add(changed(sources, LIMITS, CONTRACT, Integer.toString(contract)));
        changed.add(changed(sources, VERSION, RELEASE, NAME));
        changed.add(changed(
                sources, FILES, LAST_MIGRATION, found(LAST_MIGRATION, FILES).group() + ", \"" + added + "\""));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(changed, classes);
        Files.writeString(Files.createDirectories(classes.resolve(MIGRATIONS)).resolve(added), MIGRATION);
        Path jars = Files.createDirectories(folder.resolve("lib"));
        pack(classes, jars);
        return new NextRelease(jars, contract);
    }

    /// The words before the arguments of its one command.
    List<String> command() {
        return PicketProgram.command(jars);
    }

    private static Matcher found(Pattern words, Path source) throws IOException {
        Matcher matcher = words.matcher(Files.readString(source));
        if (!matcher.find()) {
            throw new IllegalStateException("nothing in " + source + " is like " + words);
        }
        return matcher;
    }

    private static Path changed(Path folder, Path source, Pattern words, String by) throws IOException {
        String text = found(words, source).replaceFirst(Matcher.quoteReplacement(by));
        return Files.writeString(folder.resolve(source.getFileName()), text);
    }

    private static void compile(List<Path> sources, Path into) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, present());
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(into));
            List<String> options = List.of("-proc:none", "-implicit:none");
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                throw new IllegalStateException("the next release cannot be compiled:\n" + said);
            }
        }
    }

    private static List<Path> present() throws IOException {
        try (Stream<Path> all = Files.list(PicketProgram.jars())) {
            return all.toList();
        }
    }

    /// Copies Picket's own jars with the changed files in place of theirs, and links to the others.
    private static void pack(Path changed, Path jars) throws IOException {
        TreeSet<String> left = new TreeSet<>();
        try (Stream<Path> all = Files.walk(changed)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> left.add(changed.relativize(file).toString()));
        }
        for (Path jar : present()) {
            Path own = jars.resolve(jar.getFileName());
            if (jar.getFileName().toString().startsWith("picket-")) {
                Files.copy(jar, own);
                try (FileSystem content = FileSystems.newFileSystem(own)) {
                    for (String file : List.copyOf(left)) {
                        Path place = content.getPath(file);
                        if (Files.isDirectory(place.getParent())) {
                            Files.copy(changed.resolve(file), place, StandardCopyOption.REPLACE_EXISTING);
                            left.remove(file);
                        }
                    }
                }
            } else {
                Files.createSymbolicLink(own, jar);
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("in none of Picket's jars is a place for " + left);
        }
    }
}

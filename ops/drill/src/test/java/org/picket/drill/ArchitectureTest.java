package org.picket.drill;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The arrows between the parts, read from the class files.
class ArchitectureTest {
    private static final int MOST_LINES = 400;

    private static JavaClasses picket;

    @BeforeAll
    static void readClassFiles() {
        picket = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("org.picket");
    }

    @Test
    void allPartsAreLookedAt() {
        for (String part : List.of("proto", "runtime", "coordinator", "agent", "crawler", "model", "cli")) {
            assertTrue(
                    picket.stream().anyMatch(type -> type.getPackageName().startsWith("org.picket." + part)),
                    "no class of org.picket." + part + " is on the class path of this test");
        }
    }

    @Test
    void contractKnowsNoneOfItsUsers() {
        noClasses()
                .that()
                .resideInAPackage("org.picket.proto..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.picket..")
                        .and(resideInAPackage("org.picket.proto..").negate()))
                .check(picket);
    }

    @Test
    void runtimeKnowsOnlyTheContract() {
        noClasses()
                .that()
                .resideInAPackage("org.picket.runtime..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.picket..")
                        .and(resideInAPackage("org.picket.runtime..").negate())
                        .and(resideInAPackage("org.picket.proto..").negate()))
                .check(picket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator", "agent", "crawler"})
    void processesKnowNeitherEachOtherNorOps(String process) {
        String[] others = Stream.of("coordinator", "agent", "crawler", "model", "cli", "bench", "drill")
                .filter(other -> !other.equals(process))
                .map(other -> "org.picket." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.picket." + process + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(picket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator", "agent", "crawler", "runtime", "model"})
    void packagesOfOnePartFormNoCycle(String part) {
        slices().matching("org.picket." + part + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(picket);
    }

    @Test
    void packagesOfTheCrawlerFormNoCycleHoweverDeep() {
        slices().matching("org.picket.crawler.(**)").should().beFreeOfCycles().check(picket);
    }

    @Test
    void objectsAreParsedWithoutNativeCode() {
        noClasses()
                .that()
                .resideInAPackage("org.picket.crawler.image.structure..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "java.lang.foreign..", "java.nio.file..", "java.net..")
                .check(picket);
    }

    @Test
    void picturesAreDecodedInChildrenAlone() {
        noClasses()
                .that()
                .resideInAPackage("org.picket.crawler..")
                .and()
                .resideOutsideOfPackage("org.picket.crawler.image.picture..")
                .and()
                .doNotHaveSimpleName("DecoderProcess")
                .and()
                .doNotHaveSimpleName("DecoderLesson")
                .should()
                .dependOnClassesThat(resideInAPackage("org.picket.crawler.image.picture..")
                        .and(not(simpleName("DecoderComplaints"))))
                .check(picket);
    }

    @Test
    void edgesStayInsideTheirPackage() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Endpoint")
                .or()
                .haveSimpleNameStartingWith("Postgres")
                .and()
                .areTopLevelClasses()
                .should()
                .bePackagePrivate()
                .check(picket);
    }

    @Test
    void pureCoreTouchesNoEdge() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Rules")
                .or()
                .haveSimpleNameEndingWith("Plan")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "io.grpc..", "java.nio.channels..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.nio.file.Files.class, java.io.File.class, ProcessBuilder.class)
                .check(picket);
    }

    @Test
    void onlyTheTimeSourceReadsTheClock() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("org.picket.runtime.time..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC");
        rule.check(picket);
    }

    @Test
    void oneClassKnowsMicrometer() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.picket.runtime.telemetry.PrometheusMeters")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .check(picket);
    }

    @Test
    void thereAreNoDrawers() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..", "..misc..")
                .orShould()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .check(picket);
    }

    @Test
    void sourceFilesFitOnAFewScreens() throws IOException {
        Path root = Path.of("..", "..");
        try (Stream<Path> files = Files.walk(root)) {
            List<String> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("target"))
                    .filter(file -> lines(file) > MOST_LINES)
                    .map(file -> root.relativize(file) + " has " + lines(file) + " lines")
                    .toList();
            assertEquals(List.of(), tooLong, "files over " + MOST_LINES + " lines");
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.jenkins.plugins.serverlesspromotion;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * Section 2 of the design: who may know whom. Runs in both builds; the plugin has no command line and the command line
 * has no controller, everything else must be there, or the rules would hold for want of anything to look at.
 */
public class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.serverlesspromotion";
    private static final List<String> EVERYWHERE = List.of("engine", "format", "view", "store", "aws");

    private static JavaClasses production;

    @BeforeClass
    public static void readClasses() {
        // Names are all the rules need; the libraries' own classes would take far longer to read than ours.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    private static String in(String name) {
        return ROOT + "." + name + "..";
    }

    @Test
    public void thePackagesOfBothBuildsAreThere() {
        for (String name : EVERYWHERE) {
            boolean there = production.stream().anyMatch(c -> c.getPackageName().startsWith(ROOT + "." + name));
            assertTrue("no class of " + name + " was found: the rules would say nothing", there);
        }
    }

    @Test
    public void everyClassIsInOneOfThePackages() {
        classes()
                .that()
                .resideInAPackage(ROOT + "..")
                .should()
                .resideInAnyPackage(
                        in("engine"), in("format"), in("view"), in("store"), in("aws"), in("controller"), in("cli"))
                .check(production);
    }

    @Test
    public void arrowsPointInwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("engine")
                .definedBy(in("engine"))
                .layer("format")
                .definedBy(in("format"))
                .layer("view")
                .definedBy(in("view"))
                .layer("store")
                .definedBy(in("store"))
                .layer("aws")
                .definedBy(in("aws"))
                .optionalLayer("controller")
                .definedBy(in("controller"))
                .optionalLayer("cli")
                .definedBy(in("cli"))
                .whereLayer("controller")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("format")
                .mayOnlyBeAccessedByLayers("view", "controller", "cli")
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("controller", "cli")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("controller", "cli")
                .whereLayer("aws")
                .mayOnlyBeAccessedByLayers("controller", "cli")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("format", "view", "store", "aws", "controller", "cli")
                .check(production);
    }

    @Test
    public void theEngineKnowsJavaAlone() {
        only("engine").check(production);
    }

    @Test
    public void theStoreKnowsJavaAndTheEngine() {
        only("store", in("engine")).check(production);
    }

    @Test
    public void theFormatsKnowTheEngineAndTheirLibraries() {
        only(
                        "format",
                        in("engine"),
                        "com.fasterxml.jackson..",
                        "org.snakeyaml.engine..",
                        "com.google.re2j..",
                        "org.apache.commons.compress.archivers.zip..")
                .check(production);
    }

    /** Both surfaces render what it computes, so it knows neither of them, and no place where anything is kept. */
    @Test
    public void theViewKnowsTheEngineAndTheFormats() {
        only("view", in("engine"), in("format")).check(production);
    }

    /** One adapter, so that no pattern goes around what it checks first. */
    @Test
    public void onlyTheAdapterKnowsTheLibraryOfPatterns() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".format.policy.Re2Patterns")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.re2j..")
                .check(production);
    }

    /** The roots hold ports of the engine, or names that builds keep. */
    @Test
    public void subjectsDoNotDependOnEachOther() {
        for (String of : List.of("aws", "format")) {
            slices().matching(ROOT + "." + of + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .check(production);
        }
    }

    @Test
    public void theAwsSideKnowsTheEngineAndTheSdk() {
        // javax.net.ssl is the JDK's own: authorities of the settings are trusted beside those of the JVM.
        // Its HTTP client, which the SDK brings, is asked by itself for addresses that teams choose.
        only("aws", in("engine"), "software.amazon.awssdk..", "javax.net.ssl..", "org.apache.http..")
                .check(production);
        noClasses()
                .that()
                .doNotHaveSimpleName("ProbeClient")
                .and()
                .doNotHaveSimpleName("HttpProbe")
                .and(DescribedPredicate.not(ofProbeClient()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.http..")
                .check(production);
    }

    private static DescribedPredicate<JavaClass> ofProbeClient() {
        return DescribedPredicate.describe(
                "a part of ProbeClient", type -> type.getName().contains(".aws.check.ProbeClient$"));
    }

    /** A proof that anybody could make would prove nothing. The product's own buckets are named where it is made. */
    @Test
    public void onlyTheOwnerCheckProvesOwnership() {
        Set<String> makers = production.stream()
                .filter(c -> c.getAccessesFromSelf().stream()
                        .anyMatch(access ->
                                access.getTargetOwner().getSimpleName().equals("OwnershipProof")
                                        && access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(Set.of("OwnerCheck", "OwnershipProof"), makers);
    }

    @Test
    public void theCommandLineKnowsTheOthersAndPicocli() {
        only("cli", in("engine"), in("format"), in("view"), in("store"), in("aws"), "picocli..")
                .allowEmptyShould(true)
                .check(production);
    }

    /** It has all records in memory at once: answers are made from pages, so that no journal is too large for them. */
    @Test
    public void noAnswerReadsTheWholeJournalIntoMemory() {
        noClasses()
                .should()
                .callMethodWhere(target(name("records"))
                        .and(target(owner(assignableTo(ROOT + ".engine.port.Store"))))
                        .and(target(rawParameterTypes(Predicate.class))))
                .check(production);
    }

    @Test
    public void onlyTheControllerKnowsJenkins() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("controller"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..")
                .check(production);
    }

    /** Otherwise the engine could not be read, or changed, without the configuration and the pages. */
    @Test
    public void theCoreOfTheControllerKnowsNoneOfItsParts() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".controller")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".controller.*..")
                .allowEmptyShould(true)
                .check(production);
    }

    /** Commands make the same decisions as pages and print the same facts. */
    @Test
    public void onlyCommandsUseWhatThePagesShowAndDecide() {
        noClasses()
                .that()
                .resideInAPackage(in("controller"))
                .and()
                .resideOutsideOfPackages(in("controller.releases"), in("controller.commands"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("controller.releases"))
                .allowEmptyShould(true)
                .check(production);
    }

    @Test
    public void onlyTheAwsSideKnowsTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("aws"))
                .and()
                // The controller turns Jenkins credentials into the SDK's.
                .resideOutsideOfPackage(in("controller"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(production);
    }

    @Test
    public void onlyTheFormatsParse() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("format"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson..", "org.snakeyaml..")
                .check(production);
    }

    /** One place decides whether a refusal is recorded and how long it may be. */
    @Test
    public void onlyTheLimitWritesRefusalsToTheJournal() {
        List<String> found = production.stream()
                .filter(c -> !c.getSimpleName().equals("RequestLimit"))
                .flatMap(c -> c.getCodeUnits().stream())
                .filter(m -> m.getConstructorCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().getName().equals(ROOT + ".engine.audit.Entry$Refused")))
                .filter(m -> m.getMethodCallsFromSelf().stream()
                        .noneMatch(call -> call.getName().equals("refuse")
                                && (call.getTargetOwner().getSimpleName().equals("Promotions")
                                        || call.getTargetOwner().getSimpleName().equals("RequestLimit"))))
                .map(m -> m.getFullName())
                // Its own shorter constructors.
                .filter(name -> !name.startsWith(ROOT + ".engine.audit.Entry$Refused."))
                .toList();
        assertEquals(List.of(), found);
    }

    /** A forwarder that forgets a method with a default body answers with that body, and nothing fails. */
    @Test
    public void aPortHasNoMethodThatAForwarderCouldForget() {
        List<String> found = production.stream()
                .filter(c -> c.isInterface()
                        && (c.getPackageName().equals(ROOT + ".engine.port")
                                || c.getSimpleName().equals("Observer")))
                .flatMap(c -> c.getMethods().stream())
                .filter(m -> !m.getModifiers().contains(JavaModifier.ABSTRACT)
                        && !m.getModifiers().contains(JavaModifier.STATIC)
                        && !m.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(m -> m.getFullName())
                .toList();
        assertEquals(List.of(), found);
    }

    @Test
    public void noPackageIsADrawerForEverything() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..helper..", "..helpers..", "..common..", "..misc..")
                .check(production);
    }

    /** The name of a constant is Java's own and may change; what is kept or sent is in WireNames or the enum's text. */
    @Test
    public void noBytesAreMadeOfTheNamesOfConstants() {
        var name = new DescribedPredicate<JavaMethodCall>("the name of a constant of ours, or a constant by its name") {
            @Override
            public boolean test(JavaMethodCall call) {
                var owner = call.getTargetOwner();
                boolean ours = owner.isEnum() && owner.getPackageName().startsWith(ROOT);
                boolean any = owner.getName().equals(Enum.class.getName());
                // The compiler's own valueOf in every enum.
                boolean ownCode = call.getOriginOwner().isEnum();
                return (ours || any) && !ownCode && List.of("name", "valueOf").contains(call.getName());
            }
        };
        noClasses().should().callMethodWhere(name).check(production);
    }

    private static ArchRule only(String name, String... others) {
        var allowed = new ArrayList<String>();
        allowed.add("java..");
        allowed.add(in(name));
        allowed.addAll(List.of(others));
        return classes()
                .that()
                .resideInAPackage(in(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new));
    }
}

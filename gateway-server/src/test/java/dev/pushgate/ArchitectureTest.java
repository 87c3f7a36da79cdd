package dev.pushgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import tools.jackson.core.JsonParser;

/// The walls of the house: which way dependencies run, and where each library may be seen.
@AnalyzeClasses(packages = "dev.pushgate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String CORE = "dev.pushgate.core..";
  private static final String AUTH = "dev.pushgate.auth..";
  private static final String REST = "dev.pushgate.rest..";
  private static final String GATEWAY = "dev.pushgate.gateway..";

  @ArchTest
  static final ArchRule coreDependsOnNobody =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(AUTH, REST, GATEWAY);

  @ArchTest
  static final ArchRule authDependsOnTheCoreOnly =
      noClasses()
          .that()
          .resideInAPackage(AUTH)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(REST, GATEWAY);

  @ArchTest
  static final ArchRule restKnowsNoServer =
      noClasses()
          .that()
          .resideInAPackage(REST)
          .should()
          .dependOnClassesThat(resideInAnyPackage(GATEWAY, "io.netty.."));

  @ArchTest
  static final ArchRule noPackagesGoInCircles =
      slices().matching("dev.pushgate.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRelaysLibraryIsInTheRelay =
      onlyIn("io.lettuce..", "dev.pushgate.gateway.relay.redis..");

  @ArchTest
  static final ArchRule sqlIsInTheStore = onlyIn("java.sql..", "dev.pushgate.gateway.store..");

  @ArchTest
  static final ArchRule jdbiIsInTheStore = onlyIn("org.jdbi..", "dev.pushgate.gateway.store..");

  @ArchTest
  static final ArchRule jacksonWritesAnswersAndCommandLines =
      onlyIn("tools.jackson..", "dev.pushgate.rest..", "dev.pushgate.gateway.protocol.client..");

  @ArchTest
  static final ArchRule nobodyReadsJsonButOurScanner =
      noClasses().should().dependOnClassesThat().haveFullyQualifiedName(JsonParser.class.getName());

  @ArchTest
  static final ArchRule socketsAreWhereSocketsAre =
      onlyIn(
          "io.netty.channel..",
          "dev.pushgate.gateway.net..",
          "dev.pushgate.gateway.session..",
          "dev.pushgate.core.shard..");

  @ArchTest
  static final ArchRule onlyCommandsPrint =
      noClasses()
          .that(DescribedPredicate.not(resideInAPackage("dev.pushgate.gateway.cli..")))
          .should()
          .accessFieldWhere(
              DescribedPredicate.describe(
                  "of System.out or System.err",
                  (JavaFieldAccess access) -> isStandardStream(access)));

  private static boolean isStandardStream(JavaAccess<?> access) {
    return access.getTargetOwner().isEquivalentTo(System.class)
        && (access.getName().equals("out") || access.getName().equals("err"));
  }

  private static ArchRule onlyIn(String library, String... places) {
    return noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(places)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true);
  }
}

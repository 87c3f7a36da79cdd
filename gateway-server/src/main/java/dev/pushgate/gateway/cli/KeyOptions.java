package dev.pushgate.gateway.cli;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.config.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The options by which a command is given the key that it shows to a gateway. Confined to one
/// command.
public final class KeyOptions {
  private static final String VARIABLE = "PUSHGATE_KEY";
  private static final String FILE_VARIABLE = "PUSHGATE_KEY_FILE";
  private static final String STANDARD_INPUT = "-";

  /// Longer than any token with as many grants as one may have.
  private static final int MAX_BYTES = SecretFile.MAX_BYTES;

  /// What can stand in an `Authorization` header.
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]+");

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = {
        "An API key or connection token; - reads it from standard input. Whoever may list processes"
            + " sees options: better are --key-file, $$PUSHGATE_KEY and $$PUSHGATE_KEY_FILE."
      })
  private @Nullable String key;

  @Option(names = "--key-file", paramLabel = "FILE", description = "A file with the key in it.")
  private @Nullable Path file;

  private @Nullable Secret found;

  /// Whether the key comes by standard input, which then has nothing else.
  boolean isStandardInput() {
    return STANDARD_INPUT.equals(key);
  }

  /// The key. Reads standard input at the first call, if it comes from there.
  ///
  /// @throws ParameterException when there is none, two are given, or it cannot be one
  public Secret key() {
    if (found == null) {
      found = key(System.getenv());
    }
    return found;
  }

  Secret key(Map<String, String> environment) {
    String text = given().or(() -> of(environment)).orElse("").strip();
    check(
        !text.isEmpty(),
        "there is no key: set PUSHGATE_KEY or PUSHGATE_KEY_FILE, or give --key-file or --key");
    check(KEY.matcher(text).matches(), "the key holds blanks or characters that no key has");
    return new Secret(text);
  }

  private Optional<String> given() {
    check(key == null || file == null, "--key and --key-file exclude each other");
    if (file != null) {
      return Optional.of(contentOf(file, "--key-file"));
    }
    return isStandardInput() ? Optional.of(standardInput()) : Optional.ofNullable(key);
  }

  private Optional<String> of(Map<String, String> environment) {
    String inline = environment.getOrDefault(VARIABLE, "");
    String named = environment.getOrDefault(FILE_VARIABLE, "");
    check(
        inline.isBlank() || named.isBlank(), VARIABLE + " and " + FILE_VARIABLE + " are both set");
    return Optional.of(named.isBlank() ? inline : contentOf(Path.of(named.strip()), FILE_VARIABLE));
  }

  private String contentOf(Path named, String by) {
    try {
      return SecretFile.read(named);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), by + " " + e.getMessage(), e);
    }
  }

  private static String standardInput() {
    try {
      return new String(System.in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailedException("cannot read standard input: " + e.getMessage());
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }
}

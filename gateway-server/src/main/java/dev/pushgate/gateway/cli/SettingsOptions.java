package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.config.EffectiveSettings;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.SettingsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/// The options of commands that work with the settings of a gateway. Confined to one command.
final class SettingsOptions {
  private final Map<String, String> given = new HashMap<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration file. Otherwise $PUSHGATE_CONFIG, or pushgate.yaml in this directory"
              + " if it is there.")
  private @Nullable Path file;

  @Option(
      names = "--data-dir",
      paramLabel = "DIRECTORY",
      description = "Where the SQLite database is (pushgate.data-dir).")
  void dataDir(String value) {
    set("pushgate.data-dir", value);
  }

  @Option(
      names = "--store-url",
      paramLabel = "URL",
      description =
          "The database's URL (pushgate.store.url). A password in it is seen by whoever may list"
              + " processes.")
  void storeUrl(String value) {
    set("pushgate.store.url", value);
  }

  void set(String name, String value) {
    given.put(name, value);
  }

  /// @throws CommandFailedException with a line for each thing that is wrong, and the exit code of
  ///     wrong usage
  EffectiveSettings read() {
    try {
      return SettingsReader.of(ProcessText.ofThisProcess().environment(System.getenv()))
          .read(file, given);
    } catch (InvalidSettingsException e) {
      throw new CommandFailedException(e.problems(), ExitCode.USAGE);
    }
  }
}

package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.Claim;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pushgate restored`. Confined to one command.
@Command(
    name = "restored",
    description = {
      "Begin a new epoch in every channel of a database that was put back from a copy.",
      "To be run after the copy is in place and before the gateway is started: else it would give"
          + " offsets again that clients have seen, and they would miss messages without knowing."
          + " Messages, channels and keys stay."
    })
final class Restored implements Runnable {
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  Restored(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void run() {
    int channels;
    try (SqlStore store = KeyDatabase.store(settings.read().settings(), Claim.ALONE, clock)) {
      channels = KeyDatabase.await(store.beginNewEpochs());
    }
    new Output(spec)
        .print(
            asJson
                ? JsonText.object(Map.of("channels", channels))
                : "began a new epoch in " + channels + (channels == 1 ? " channel" : " channels"));
  }
}

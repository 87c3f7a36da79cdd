package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A script call as the library sends it. It knows whether it was ever encoded for a socket; what
/// was completed before that is not sent any more. Thread-safe.
final class PipelinedCall extends AsyncCommand<String, byte[], List<Object>> implements ScriptCall {
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private volatile boolean encoded;
  private volatile boolean rejected;

  PipelinedCall(Script script, List<String> keys, ScriptArgs args) {
    super(
        new Command<>(
            CommandType.EVALSHA,
            new NestedMultiOutput<>(RelayClient.CODEC),
            new CommandArgs<>(RelayClient.CODEC)
                .add(script.sha1())
                .add(keys.size())
                .addKeys(keys)
                .addValues(args.values())));
  }

  @Override
  public void encode(ByteBuf into) {
    encoded = true;
    super.encode(into);
  }

  /// Redis said that it ran nothing of the script.
  void rejected() {
    rejected = true;
  }

  @Override
  public boolean mayHaveRun() {
    return encoded && !rejected;
  }

  @Override
  public CompletionStage<Reply> reply() {
    return reply;
  }

  void answer(Reply value) {
    reply.complete(value);
  }

  void fail(Throwable cause) {
    reply.completeExceptionally(cause);
  }
}

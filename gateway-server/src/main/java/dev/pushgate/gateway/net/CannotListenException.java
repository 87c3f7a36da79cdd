package dev.pushgate.gateway.net;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/// An address cannot be listened on. The message is one clear sentence for whoever starts the
/// server. Immutable.
public final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private CannotListenException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  static CannotListenException of(String host, int port, Throwable cause) {
    return new CannotListenException(sentence(host, port, cause), cause);
  }

  private static String sentence(String host, int port, Throwable cause) {
    if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
      return "cannot listen on " + host + ": this name has no address";
    }
    if (says(cause, "in use")) {
      return "port %d is in use on %s: stop what listens there, or choose another port"
          .formatted(port, host);
    }
    if (says(cause, "ermission denied")) {
      return "port %d may not be listened on without more rights: choose one above 1023"
          .formatted(port);
    }
    if (says(cause, "assign requested address")) {
      return "cannot listen on " + host + ": it is no address of this machine";
    }
    return "cannot listen on %s port %d: %s".formatted(host, port, cause.getMessage());
  }

  /// Both transports put the system's own words into the message, and neither has a type for each.
  private static boolean says(Throwable cause, String words) {
    @Nullable String message = cause.getMessage();
    return cause instanceof IOException && message != null && message.contains(words);
  }
}

package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.gateway.protocol.pushflo.FrameFields.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Holds the fields of one frame against their rules and keeps the first thing that was wrong.
/// Confined to its caller, used once.
final class FieldReader {
  private static final int MAX_DIGITS = 18;

  private final byte[] json;
  private final FrameFields fields;
  private Outcome.@Nullable Refused<?> problem;

  FieldReader(byte[] json, FrameFields fields) {
    this.json = json;
    this.fields = fields;
  }

  byte[] json() {
    return json;
  }

  /// The first thing that was wrong; null while nothing was.
  Outcome.@Nullable Refused<?> problem() {
    return problem;
  }

  Outcome.Refused<?> requireProblem() {
    Outcome.Refused<?> found = problem;
    if (found == null) {
      throw new IllegalStateException("nothing was wrong");
    }
    return found;
  }

  void fault(String field, String why) {
    if (problem == null) {
      problem = (Outcome.Refused<?>) Outcome.invalid(field, why);
    }
  }

  /// The field of this name; null when the frame has none, or has it more than once.
  @Nullable Field once(String name) {
    Field field = fields.get(name);
    if (field != null && field.repeated()) {
      fault(name, "is given more than once");
      return null;
    }
    return field;
  }

  /// The same, and null also for a JSON null, which stands for a field that is left out.
  @Nullable Field given(String name) {
    Field field = once(name);
    return field == null || field.token() == JsonToken.VALUE_NULL ? null : field;
  }

  /// A string that has to be there; null when something is wrong with it.
  @Nullable String required(String name, int maxLength) {
    Field field = given(name);
    if (field == null) {
      fault(name, "is required");
      return null;
    }
    return string(name, field, 1, maxLength);
  }

  /// A string that may be left out; null when it is, or when something is wrong with it.
  @Nullable String optional(String name, int minLength, int maxLength) {
    Field field = given(name);
    return field == null ? null : string(name, field, minLength, maxLength);
  }

  @Nullable ChannelName channel() {
    String text = required("channel", Integer.MAX_VALUE);
    if (text == null) {
      return null;
    }
    ChannelName channel = ChannelName.parse(text).orElse(null);
    if (channel == null) {
      fault("channel", ChannelName.RULE);
    }
    return channel;
  }

  /// A whole number from 0 to `max`; -1 when something is wrong with it.
  ///
  /// @param name what the field is called in an answer
  long wholeNumber(String name, Field field, long max) {
    String digits = field.text();
    if (field.token() != JsonToken.VALUE_NUMBER_INT || digits == null) {
      fault(name, "must be a whole number");
      return -1;
    }
    long value = digits.length() > MAX_DIGITS ? -1 : Long.parseLong(digits);
    if (value < 0 || value > max) {
      fault(name, "must be from 0 to " + max);
      return -1;
    }
    return value;
  }

  /// @param name what the field is called in an answer
  @Nullable String string(String name, Field field, int minLength, int maxLength) {
    String text = field.text();
    if (field.token() != JsonToken.VALUE_STRING || text == null) {
      fault(name, "must be a string");
    } else if (text.length() < minLength || text.length() > maxLength) {
      fault(name, lengthRule(minLength, maxLength));
    } else if (text.indexOf('\0') >= 0 || hasLoneSurrogate(text)) {
      fault(name, "must hold neither NUL nor half a surrogate pair");
    } else {
      return text;
    }
    return null;
  }

  private static String lengthRule(int minLength, int maxLength) {
    return maxLength == Integer.MAX_VALUE
        ? "must not be empty"
        : "must be " + minLength + " to " + maxLength + " characters";
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}

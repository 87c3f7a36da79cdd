package dev.pushgate.gateway.browser;

import dev.pushgate.gateway.browser.BrowserPrograms.Found;
import dev.pushgate.gateway.browser.BrowserPrograms.Missing;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Decides whether tests that need a browser run. Stateless.
final class BrowserCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    ConditionEvaluationResult result = judge(BrowserPrograms.here());
    if (result.isDisabled()) {
      // Reports keep the reason to themselves; whoever looks at the build shall see it too.
      System.err.println(
          context.getDisplayName() + " is skipped. " + result.getReason().orElse(""));
    }
    return result;
  }

  /// @throws ExtensionConfigurationException when there is no browser and there has to be one
  static ConditionEvaluationResult judge(BrowserPrograms programs) {
    return switch (programs) {
      case Found found -> ConditionEvaluationResult.enabled("with " + found.chromium());
      case Missing(String sentence, boolean required) -> {
        if (required) {
          throw new ExtensionConfigurationException(sentence);
        }
        yield ConditionEvaluationResult.disabled(sentence);
      }
    };
  }
}

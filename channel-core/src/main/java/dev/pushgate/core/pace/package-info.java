/// How often something is tried again, and said again.
@NullMarked
package dev.pushgate.core.pace;

import org.jspecify.annotations.NullMarked;

/// Tests of names.
@NullMarked
package dev.pushgate.core.pace;

import org.jspecify.annotations.NullMarked;

# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Parses the PowerShell text on standard input and writes what it is made of, a fact a line: kind, tab, value.
$text = @($input) -join "`n"
$tokens = $null
$errors = $null
$tree = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
foreach ($one in $errors) { "error`t" + $one.Message }
foreach ($node in $tree.FindAll({ $true }, $true)) {
    "syntax`t" + $node.GetType().Name
    if ($node -is [Management.Automation.Language.CommandAst]) { "command`t" + $node.InvocationOperator + ' ' + $node.GetCommandName() }
    if ($node -is [Management.Automation.Language.FunctionDefinitionAst]) { "function`t" + $node.Name }
    if ($node -is [Management.Automation.Language.TypeExpressionAst] -or $node -is [Management.Automation.Language.TypeConstraintAst]) {
        "type`t" + $node.TypeName.FullName
    }
    if ($node -is [Management.Automation.Language.InvokeMemberExpressionAst]) {
        $kind = if ($node.Static) { "static`t" + $node.Expression.Extent.Text + '::' } else { "method`t" }
        $kind + $node.Member.Extent.Text
    } elseif ($node -is [Management.Automation.Language.MemberExpressionAst]) {
        $kind = if ($node.Static) { "field`t" + $node.Expression.Extent.Text + '::' } else { "property`t" + $node.Expression.Extent.Text + '.' }
        $kind + $node.Member.Extent.Text
    }
    if ($node -is [Management.Automation.Language.BinaryExpressionAst]) { "operator`t" + $node.Operator }
}
